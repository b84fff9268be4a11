using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>A server on loopback that keeps what it was asked.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    /// <summary>An answer that does for a Node as for a list of them.</summary>
    public const string Anything = """{"metadata":{"name":"a"},"items":[],"involvedObject":{}}""";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Request> _requests = new();

    private ApiServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public IReadOnlyList<Request> Requests => [.. _requests];

    /// <summary>Answers whatever it is asked with a status and a body of JSON.</summary>
    public static Task<ApiServer> StartAsync(int status, string json) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    });

    /// <summary>Answers one recorded request and nothing else.</summary>
    public static Task<ApiServer> StartAsync(RecordedAnswer recorded) => StartAsync(context =>
    {
        if (recorded.IsFor(context.Features.GetRequiredFeature<Request>()))
            return recorded.WriteAsync(context);
        context.Response.StatusCode = StatusCodes.Status501NotImplemented;
        return Task.CompletedTask;
    });

    public static async Task<ApiServer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null, bool wantsClientCertificate = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is null)
                return;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = wantsClientCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        var app = builder.Build();
        var server = new ApiServer(app);
        app.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            var request = new Request(
                context.Request.Method,
                TargetOf(context),
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                await body.ReadToEndAsync(context.RequestAborted),
                context.Connection.ClientCertificate?.Subject);
            server._requests.Enqueue(request);
            context.Features.Set(request);
            await answer(context);
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // Newer official clients say watch=false with every list; to a server that is the same as not to say it.
    private static string TargetOf(HttpContext context) =>
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget
            .Replace("?watch=false", "", StringComparison.Ordinal)
            .Replace("&watch=false", "", StringComparison.Ordinal);

    internal sealed record Request(string Method, string Target, Dictionary<string, string> Headers, string Body, string? ClientCertificate)
    {
        /// <summary>Without its parameters; null when there is no body.</summary>
        public string? MediaType => Headers.GetValueOrDefault("Content-Type")?.Split(';')[0];
    }
}
