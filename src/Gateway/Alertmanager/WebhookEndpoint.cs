using AlertResponder.Gateway.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary><c>POST /webhooks/alertmanager</c>: verifies, translates, hands in, answers.</summary>
internal static partial class WebhookEndpoint
{
    // A webhook may hold thousands of alerts, and all of them may be bad.
    private const int MostReasons = 20;

    public static void MapWebhook(this IEndpointRouteBuilder endpoints) => endpoints.MapPost(GatewayPaths.Webhook, ReceiveAsync);

    private static async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> ReceiveAsync(
        HttpContext context, IAlertIntake intake, IOptions<GatewayOptions> options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger(typeof(WebhookEndpoint));
        if (CallerAuthorization.Refusal(context, options.Value.WebhookToken, "Gateway:WebhookToken") is { } refusal)
        {
            Log.Refused(logger, context.Connection.RemoteIpAddress, refusal.Reason);
            return Refuse(refusal.Reason, refusal.StatusCode);
        }

        // Without a token this is what keeps web pages out: a browser asks before it sends JSON to a site that is not the page's own.
        if (!context.Request.HasJsonContentType())
        {
            Log.NotAWebhook(logger, "its content type is not application/json");
            return Refuse("The content type is not application/json, which Alertmanager sends.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (context.Request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            Log.NotAWebhook(logger, "its body is compressed");
            return Refuse("The body is compressed, which Alertmanager never does: send it as it is.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (await RequestBody.ReadAsync(context.Request, options.Value.MaxBodyBytes, cancellationToken) is not { } body)
        {
            Log.TooLarge(logger, options.Value.MaxBodyBytes);
            return Refuse(
                $"The body is larger than {options.Value.MaxBodyBytes} bytes: raise Gateway:MaxBodyBytes, or lower max_alerts in Alertmanager's webhook_config.",
                StatusCodes.Status413PayloadTooLarge);
        }

        ParsedWebhook webhook;
        try
        {
            webhook = WebhookParser.Parse(body, time.GetUtcNow());
        }
        catch (NotAWebhookException e)
        {
            Log.NotAWebhook(logger, e.Message);
            return Refuse(e.Message, StatusCodes.Status400BadRequest);
        }

        var setAside = FirstOf(webhook.SetAside);
        foreach (var reason in setAside)
        {
            Log.SetAside(logger, reason);
        }

        if (webhook.TruncatedAlerts > 0)
        {
            Log.Truncated(logger, webhook.TruncatedAlerts);
        }

        try
        {
            await intake.AcceptAsync(webhook.Alerts, cancellationToken);
        }
        catch (AlertsNotSafeException e)
        {
            Log.NotSafe(logger, webhook.Alerts.Count, e);
            return Refuse("The alerts could not be stored safely; send them again.", StatusCodes.Status503ServiceUnavailable);
        }

        GatewayMetrics.Accepted(webhook);
        return TypedResults.Ok(new WebhookAnswer(webhook.Alerts.Count, setAside, webhook.TruncatedAlerts));
    }

    private static ProblemHttpResult Refuse(string reason, int statusCode)
    {
        GatewayMetrics.Refused(statusCode);
        return TypedResults.Problem(reason, statusCode: statusCode);
    }

    private static IReadOnlyList<string> FirstOf(IReadOnlyList<string> reasons) => reasons.Count <= MostReasons
        ? reasons
        : [.. reasons.Take(MostReasons), $"and {reasons.Count - MostReasons} more"];

    /// <summary>The body of a 200.</summary>
    /// <param name="Accepted">Alerts that are safe now.</param>
    /// <param name="SetAside">Why others are not, a sentence each; of many the first.</param>
    /// <param name="TruncatedAlerts">Alerts that Alertmanager itself left out.</param>
    internal sealed record WebhookAnswer(int Accepted, IReadOnlyList<string> SetAside, int TruncatedAlerts);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook from {Address} refused: {Reason}")]
        public static partial void Refused(ILogger logger, System.Net.IPAddress? address, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook refused: its body is larger than {Limit} bytes")]
        public static partial void TooLarge(ILogger logger, int limit);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook refused: {Reason}")]
        public static partial void NotAWebhook(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Alert set aside: {Reason}")]
        public static partial void SetAside(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Alertmanager left {Count} alerts out of the group (max_alerts)")]
        public static partial void Truncated(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Count} alerts could not be stored safely; Alertmanager is asked to send them again")]
        public static partial void NotSafe(ILogger logger, int count, Exception exception);
    }
}
