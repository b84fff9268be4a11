using AlertResponder.Gateway.Intake;
using AlertResponder.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>
/// <c>POST /webhooks/alertmanager</c>: verifies, translates, hands in, answers. A 2xx says that everything in the webhook is safe, or recorded for a
/// person to be told; so does a 4xx, after which nobody sends it again.
/// </summary>
internal static partial class WebhookEndpoint
{
    // A webhook may hold thousands of alerts, and all of them may be bad.
    private const int MostReasons = 20;
    private const int MostTold = 3;

    public static void MapWebhook(this IEndpointRouteBuilder endpoints) => endpoints.MapPost(GatewayPaths.Webhook, ReceiveAsync);

    private static async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> ReceiveAsync(
        HttpContext context, IAlertIntake intake, ConfirmedAlerts confirmed, RefusalBook refusals, IOptions<GatewayOptions> options, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger(typeof(WebhookEndpoint));
        if (CallerAuthorization.Refusal(context, options.Value.WebhookToken, "Gateway:WebhookToken") is { } refusal)
        {
            Log.Refused(logger, context.Connection.RemoteIpAddress, refusal.Reason);
            await refusals.CountStrangerAsync(context.Request, refusal.Reason, cancellationToken);
            return Refuse(refusal.Reason, refusal.StatusCode);
        }

        try
        {
            return WrongType(context.Request) is { } wrong
                ? await RefuseAsync(wrong, accepted: 0)
                : await TakeAsync();
        }
        catch (AlertsNotSafeException e)
        {
            Log.NotSafe(logger, e);
            const string reason = "The alerts could not be stored safely; send them again.";
            await refusals.TryRecordNotSafeAsync(context.Request, reason);
            return Refuse(reason, StatusCodes.Status503ServiceUnavailable);
        }

        async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> TakeAsync()
        {
            var parser = new WebhookParser(options.Value.Words()!, time.GetUtcNow());
            await WebhookBody.ReadAsync(context.Request, parser, options.Value.MaxBodyBytes, cancellationToken);
            var webhook = parser.Result();
            await intake.AcceptAsync([.. webhook.Alerts.OrderByDescending(received => received.Alert.IsUrgent())], cancellationToken);
            try
            {
                return await AnswerAsync(webhook);
            }
            catch (Exception)
            {
                // The repeat has only the records to make.
                confirmed.Keep(webhook.Alerts, webhook.Alerts);
                throw;
            }
        }

        async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> AnswerAsync(ParsedWebhook webhook)
        {
            await TellAsync(webhook);
            GatewayMetrics.Accepted(webhook);
            return webhook.Fault is { } fault
                ? await RefuseAsync(fault, webhook.Alerts.Count)
                : TypedResults.Ok(new WebhookAnswer(webhook.Alerts.Count, FirstOf(webhook.SetAside, MostReasons), webhook.TruncatedAlerts, webhook.Notes));
        }

        async Task TellAsync(ParsedWebhook webhook)
        {
            Log.Received(logger, webhook.Alerts.Count, webhook.NotificationReason);
            foreach (var note in webhook.Notes)
            {
                Log.Noted(logger, note);
            }

            if (webhook.SetAside.Count > 0)
            {
                var reasons = FirstOf(webhook.SetAside, MostReasons);
                foreach (var reason in reasons)
                {
                    Log.SetAside(logger, reason);
                }

                var told = string.Join("; ", FirstOf(webhook.SetAside, MostTold));
                await refusals.RecordAsync(context.Request, RefusalReason.SetAside, $"Of a webhook {webhook.SetAside.Count} were no alerts: {told}.", webhook.SetAside.Count, cancellationToken);
            }

            if (webhook.TruncatedAlerts > 0)
            {
                Log.Truncated(logger, webhook.TruncatedAlerts);
                await refusals.RecordAsync(
                    context.Request, RefusalReason.Truncated, $"Alertmanager left {webhook.TruncatedAlerts} alerts out of a group: raise max_alerts in its webhook_config.", webhook.TruncatedAlerts, cancellationToken);
            }
        }

        async Task<ProblemHttpResult> RefuseAsync(WebhookFault fault, int accepted)
        {
            Log.NotAWebhook(logger, fault.Text);
            var text = accepted == 0 ? fault.Text : $"{fault.Text} The {accepted} alerts before that are accepted.";
            await refusals.RecordAsync(context.Request, fault.Reason, text, 1, cancellationToken);
            return Refuse(text, fault.Reason switch
            {
                RefusalReason.TooLarge => StatusCodes.Status413PayloadTooLarge,
                RefusalReason.WrongType => StatusCodes.Status415UnsupportedMediaType,
                _ => StatusCodes.Status400BadRequest,
            });
        }
    }

    private static WebhookFault? WrongType(HttpRequest request)
    {
        // Without a token this is what keeps web pages out: a browser asks before it sends JSON to a site that is not the page's own.
        if (!request.HasJsonContentType())
        {
            return new WebhookFault(RefusalReason.WrongType, "The content type is not application/json, which Alertmanager sends.");
        }

        return request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity"
            ? new WebhookFault(RefusalReason.WrongType, "The body is compressed, which Alertmanager never does: send it as it is.")
            : null;
    }

    private static ProblemHttpResult Refuse(string reason, int statusCode)
    {
        GatewayMetrics.Refused(statusCode);
        return TypedResults.Problem(reason, statusCode: statusCode);
    }

    private static IReadOnlyList<string> FirstOf(IReadOnlyList<string> reasons, int most) => reasons.Count <= most
        ? reasons
        : [.. reasons.Take(most), $"and {reasons.Count - most} more"];

    /// <summary>The body of a 200.</summary>
    /// <param name="Accepted">Alerts that are safe now.</param>
    /// <param name="SetAside">Why others are not, a sentence each; of many the first.</param>
    /// <param name="TruncatedAlerts">Alerts that Alertmanager itself left out.</param>
    /// <param name="Notes">What was left out of accepted alerts, or derived; of many the first.</param>
    internal sealed record WebhookAnswer(int Accepted, IReadOnlyList<string> SetAside, int TruncatedAlerts, IReadOnlyList<string> Notes);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook from {Address} refused: {Reason}")]
        public static partial void Refused(ILogger logger, System.Net.IPAddress? address, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook refused: {Reason}")]
        public static partial void NotAWebhook(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Webhook of {Count} alerts is safe; sent because: {Reason}")]
        public static partial void Received(ILogger logger, int count, string? reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Alert set aside: {Reason}")]
        public static partial void SetAside(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "Alert accepted, but: {Note}")]
        public static partial void Noted(ILogger logger, string note);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Alertmanager left {Count} alerts out of the group (max_alerts)")]
        public static partial void Truncated(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "A webhook could not be stored safely; its sender is asked to send it again")]
        public static partial void NotSafe(ILogger logger, Exception exception);
    }
}
