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
    public static void MapWebhook(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/webhooks/alertmanager", ReceiveAsync);

    private static async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> ReceiveAsync(
        HttpContext context, IAlertIntake intake, IOptions<GatewayOptions> options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger(typeof(WebhookEndpoint));
        if (CallerAuthorization.Refusal(context, options.Value.WebhookToken, "Gateway:WebhookToken") is { } refusal)
        {
            Log.Refused(logger, context.Connection.RemoteIpAddress, refusal.Reason);
            return TypedResults.Problem(refusal.Reason, statusCode: refusal.StatusCode);
        }

        if (await RequestBody.ReadAsync(context.Request, options.Value.MaxBodyBytes, cancellationToken) is not { } body)
        {
            Log.TooLarge(logger, options.Value.MaxBodyBytes);
            return TypedResults.Problem(
                $"The body is larger than {options.Value.MaxBodyBytes} bytes: raise Gateway:MaxBodyBytes, or lower max_alerts in Alertmanager's webhook_config.",
                statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        ParsedWebhook webhook;
        try
        {
            webhook = WebhookParser.Parse(body, time.GetUtcNow());
        }
        catch (NotAWebhookException e)
        {
            Log.NotAWebhook(logger, e.Message);
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }

        foreach (var reason in webhook.SetAside)
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
            return TypedResults.Problem(
                "The alerts could not be stored safely; send them again.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return TypedResults.Ok(new WebhookAnswer(webhook.Alerts.Count, webhook.SetAside, webhook.TruncatedAlerts));
    }

    /// <summary>The body of a 200.</summary>
    /// <param name="Accepted">Alerts that are safe now.</param>
    /// <param name="SetAside">Why others are not, a sentence each.</param>
    /// <param name="TruncatedAlerts">Alerts that Alertmanager itself left out.</param>
    internal sealed record WebhookAnswer(int Accepted, IReadOnlyList<string> SetAside, long TruncatedAlerts);

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
        public static partial void Truncated(ILogger logger, long count);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Count} alerts could not be stored safely; Alertmanager is asked to send them again")]
        public static partial void NotSafe(ILogger logger, int count, Exception exception);
    }
}
