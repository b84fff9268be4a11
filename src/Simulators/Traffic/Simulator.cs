using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Simulators.Traffic;

/// <summary>
/// A local HTTP server that stands for a service: it records what it is asked, fails when told to, and keeps the calls that no
/// correct client would make. A call that a fault answers is recorded, but not judged.
/// </summary>
public abstract class Simulator : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<RecordedRequest> _requests = [];
    private readonly List<UnexpectedCall> _unexpectedCalls = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _app;
    private bool _disposed;

    private protected Simulator(TimeProvider? time, IPEndPoint? listenOn, X509Certificate2? certificate = null)
    {
        Time = time ?? TimeProvider.System;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost
            .UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(listenOn ?? new IPEndPoint(IPAddress.Loopback, 0), endpoint =>
                {
                    if (certificate is not null)
                        endpoint.UseHttps(certificate);
                });
            });
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(HandleAsync);
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:port/</c> (or <c>https</c>), also when it listens on every interface.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The calls that go wrong.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>All requests so far, in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>Requests of unknown routes, or invalid by the service's rules.</summary>
    public IReadOnlyList<UnexpectedCall> UnexpectedCalls
    {
        get
        {
            lock (_lock)
                return [.. _unexpectedCalls];
        }
    }

    private protected TimeProvider Time { get; }

    /// <summary>Passes when every call was one that the service allows.</summary>
    /// <exception cref="UnexpectedCallsException">There were others; they are listed.</exception>
    public void AssertNoUnexpectedCalls()
    {
        if (UnexpectedCalls is { Count: > 0 } calls)
            throw new UnexpectedCallsException(GetType().Name, calls);
    }

    /// <summary>Ends hanging calls and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        // Before the server waits for its calls, those that hang must end.
        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the service answers when nothing goes wrong.</summary>
    private protected abstract ValueTask<Answer> AnswerAsync(RecordedRequest request, CancellationToken cancellationToken);

    /// <summary>Headers that the service puts on every answer.</summary>
    private protected virtual IEnumerable<KeyValuePair<string, string>> CommonHeaders() => [];

    /// <summary>Talks over a WebSocket, as far as the service has one.</summary>
    /// <param name="sockets">Accepts it; the request is refused with 404 without.</param>
    /// <param name="request">The request for it.</param>
    /// <param name="cancellationToken">The peer has gone, or the simulator stops.</param>
    private protected virtual Task TalkAsync(WebSocketManager sockets, RecordedRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Keeps a call that no correct client would make, when only what followed it shows that.</summary>
    private protected void Report(RecordedRequest request, string reason)
    {
        lock (_lock)
            _unexpectedCalls.Add(new UnexpectedCall(request, reason));
    }

    private protected async Task ListenAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        var address = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        Address = new UriBuilder(address) { Host = IPAddress.Loopback.ToString() }.Uri;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = await ReadAsync(context);
        lock (_lock)
            _requests.Add(request);

        var fault = Faults.Take(request);
        switch (fault?.Kind)
        {
            case FaultKind.Hang:
                await HangAsync(context);
                return;
            case FaultKind.Cut:
                context.Abort();
                return;
            case FaultKind.Answer:
                await WriteAsync(context, fault.Answer!);
                return;
        }

        if (context.WebSockets.IsWebSocketRequest)
        {
            await TalkAsync(context, request);
            return;
        }

        var answer = await AnswerOrExplainAsync(request, context.RequestAborted);
        if (answer.Unexpected is { } reason)
            Report(request, reason);

        switch (fault?.Kind)
        {
            case FaultKind.LostAnswer:
                context.Abort();
                return;
            case FaultKind.HalfAnswer:
                await WriteHalfAsync(context, answer);
                return;
            default:
                await WriteAsync(context, answer);
                return;
        }
    }

    private async Task TalkAsync(HttpContext context, RecordedRequest request)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        await TalkAsync(context.WebSockets, request, ended.Token);
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = 404;
            Report(request, "there is no such WebSocket");
        }
    }

    /// <summary>A script of a test that throws, or a mistake of the simulator's own, must not look like a failure of the service.</summary>
    private async ValueTask<Answer> AnswerOrExplainAsync(RecordedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Answer.Text(500, exception.Message) with { Unexpected = $"the simulator failed: {exception}" };
        }
    }

    private async Task<RecordedRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new RecordedRequest(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(
                header => header.Key,
                header => string.Join(',', header.Value.ToArray()),
                StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            Time.GetUtcNow());
    }

    private async Task HangAsync(HttpContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ended.Token.Register(() => end.TrySetResult());
        await end.Task;
        context.Abort();
    }

    private async Task WriteAsync(HttpContext context, Answer answer)
    {
        WriteHead(context, answer);
        if (answer.Stream is not { } stream)
        {
            await context.Response.Body.WriteAsync(answer.Content, context.RequestAborted);
            return;
        }

        // The caller learns at once that it is being answered.
        await context.Response.Body.FlushAsync(context.RequestAborted);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        await stream(context.Response.Body, ended.Token);
    }

    /// <summary>
    /// Kestrel closes the connection when less comes than the head announced, after sending what there is. An abort would let the
    /// network throw that away, too.
    /// </summary>
    private async Task WriteHalfAsync(HttpContext context, Answer answer)
    {
        WriteHead(context, answer);
        await context.Response.Body.WriteAsync(answer.Content[..(answer.Content.Length / 2)], context.RequestAborted);
    }

    private void WriteHead(HttpContext context, Answer answer)
    {
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in CommonHeaders().Concat(answer.Headers))
            context.Response.Headers[name] = value;
        if (answer.ContentType is null)
            return;
        context.Response.ContentType = answer.ContentType;
        if (answer.Stream is null)
            context.Response.ContentLength = answer.Content.Length;
    }
}
