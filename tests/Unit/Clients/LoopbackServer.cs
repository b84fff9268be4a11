using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Tests.Unit.Clients;

/// <summary>A request as it came over the wire: the target is not decoded, the header names are in lower case.</summary>
internal sealed record WireRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

/// <summary>What to answer. Without a content type none is sent.</summary>
internal sealed record WireAnswer(int Status, string Body, string? ContentType = "application/json", params (string Name, string Value)[] Headers);

/// <summary>A real HTTP server on a free loopback port that keeps every request and answers as it is told.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<WireRequest> _requests = new();

    private LoopbackServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public IReadOnlyList<WireRequest> Requests => [.. _requests];

    public WireRequest OnlyRequest => _requests.ShouldHaveSingleItem();

    public static Task<LoopbackServer> AnswerAsync(WireAnswer answer) => AnswerAsync((_, _) => Task.FromResult(answer));

    public static async Task<LoopbackServer> AnswerAsync(Func<WireRequest, CancellationToken, Task<WireAnswer>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new LoopbackServer(builder.Build());
        server._app.Run(async http =>
        {
            var request = await ReadAsync(http.Request);
            server._requests.Enqueue(request);
            await WriteAsync(http.Response, await answer(request, http.RequestAborted));
        });
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        // A test that cancels leaves its request open: nobody waits for it.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static async Task<WireRequest> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return new WireRequest(
            request.Method,
            request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString(), StringComparer.Ordinal),
            body.ToArray());
    }

    private static async Task WriteAsync(HttpResponse response, WireAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;
        await response.WriteAsync(answer.Body);
    }
}
