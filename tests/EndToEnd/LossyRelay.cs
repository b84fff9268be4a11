using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>
/// Stands between Alertmanager and the pipeline. It can lose webhooks; and it says that Alertmanager has been running for a day, since of one that has just been
/// started nothing is concluded for five minutes.
/// </summary>
public sealed class LossyRelay : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient http = new();
    private int lost;

    private LossyRelay(WebApplication app) => this.app = app;

    /// <summary>Where Alertmanager posts to.</summary>
    public Uri Webhook => new(new Uri(app.Urls.Single()), "webhook");

    /// <summary>What the pipeline takes for Alertmanager.</summary>
    public Uri Alertmanager => new(new Uri(app.Urls.Single()), "alertmanager/");

    /// <summary>Where webhooks go.</summary>
    public Uri? Pipeline { get; set; }

    /// <summary>Where questions go.</summary>
    public Uri? RealAlertmanager { get; set; }

    /// <summary>Whether webhooks are answered with 200 and go nowhere.</summary>
    public bool LosesWebhooks { get; set; }

    /// <summary>How many were lost.</summary>
    public int Lost => lost;

    public static async Task<LossyRelay> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Servers.FreePort.Next()}"));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        LossyRelay relay = new(app);
        app.MapPost("/webhook", relay.PassWebhookAsync);
        app.MapGet("/alertmanager/{**path}", relay.AskAsync);
        await app.StartAsync(cancellationToken);
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task PassWebhookAsync(HttpContext context)
    {
        if (LosesWebhooks)
        {
            Interlocked.Increment(ref lost);
            return;
        }

        using StreamContent body = new(context.Request.Body);
        body.Headers.Add("Content-Type", context.Request.ContentType);
        using var answer = await http.PostAsync(new Uri(Pipeline!, "webhooks/alertmanager"), body, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
    }

    private async Task AskAsync(HttpContext context, string path)
    {
        var answer = await http.GetStringAsync(new Uri(RealAlertmanager!, $"{path}{context.Request.QueryString}"), context.RequestAborted);
        if (path == "api/v2/status")
        {
            var status = JsonNode.Parse(answer)!;
            status["uptime"] = TimeProvider.System.GetUtcNow().AddDays(-1);
            answer = status.ToJsonString();
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }
}
