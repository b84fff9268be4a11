using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Tests.Unit.Tracing;

/// <summary>A collector: takes spans by OTLP, HTTP and Protobuf.</summary>
internal sealed class TraceReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<byte[]> requests = [];
    private readonly WebApplication app;

    private TraceReceiver(WebApplication app) => this.app = app;

    /// <summary>The variables with which a pipeline exports here, without waiting for long.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables =>
    [
        new("OTEL_EXPORTER_OTLP_ENDPOINT", app.Urls.First()), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), new("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];

    /// <summary>All that has been received.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. requests.SelectMany(ReceivedSpan.Read)];

    /// <summary>The same, byte by byte.</summary>
    public string Bytes => string.Join('\n', requests.Select(Encoding.Latin1.GetString));

    public static async Task<TraceReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var receiver = new TraceReceiver(app);
        app.MapPost("/v1/traces", receiver.ReceiveAsync);
        await app.StartAsync(cancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        requests.Enqueue(body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
    }
}
