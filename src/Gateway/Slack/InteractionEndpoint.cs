using System.Threading.RateLimiting;
using AlertResponder.Connections.Slack;
using AlertResponder.Gateway.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SlackNet.Interaction;

namespace AlertResponder.Gateway.Slack;

/// <summary>
/// <c>POST /slack/interactions</c>: verifies, translates, hands in, answers. Whoever can reach the port can call it, so it tells
/// strangers nothing, and takes little of their time and memory.
/// </summary>
internal static partial class InteractionEndpoint
{
    // A message at Slack's limits, twice encoded, is a third of it.
    internal const int MaxBodyBytes = 512 * 1024;

    private const string Way = "slack";
    private const string NotSigned = "The request is not signed by Slack within the last five minutes.";
    private const int MostAtOnce = 64;

    // Slack gives up after three seconds itself.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    public static void MapInteractions(this IEndpointRouteBuilder endpoints)
    {
        var turns = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = MostAtOnce });
        endpoints.MapPost(GatewayPaths.Interactions, async (
            HttpContext context, ClickDesk desk, IOptions<SlackOptions> options, TimeProvider time, ILoggerFactory loggers) =>
        {
            var logger = loggers.CreateLogger(typeof(InteractionEndpoint));
            if (options.Value.SigningSecret is not { Length: > 0 } secret)
            {
                return Refuse(logger, StatusCodes.Status404NotFound, "Slack:SigningSecret is not set, so callbacks cannot be verified.");
            }

            using var turn = turns.AttemptAcquire();
            if (!turn.IsAcquired)
            {
                return Refuse(logger, StatusCodes.Status503ServiceUnavailable, "Too many callbacks at once.");
            }

            using var deadline = new CancellationTokenSource(Deadline, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
            try
            {
                return await ReceiveAsync(context.Request, secret, desk, time, logger, either.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or BadHttpRequestException)
            {
                return Refuse(logger, StatusCodes.Status408RequestTimeout, "The body did not come within three seconds.");
            }
        });
    }

    private static async Task<Results<Ok, ProblemHttpResult>> ReceiveAsync(
        HttpRequest request, string secret, ClickDesk desk, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        // Before the body, which need not be read then.
        if (SlackSignature.Read(request.Headers, time.GetUtcNow()) is not { } signature)
        {
            return Refuse(logger, StatusCodes.Status401Unauthorized, NotSigned);
        }

        if (await RequestBody.ReadAsync(request, MaxBodyBytes, cancellationToken) is not { } body)
        {
            return Refuse(logger, StatusCodes.Status413PayloadTooLarge, "The body is larger than Slack's are.");
        }

        if (!signature.Fits(body.Span, secret))
        {
            return Refuse(logger, StatusCodes.Status401Unauthorized, NotSigned);
        }

        BlockActionRequest? interaction;
        try
        {
            interaction = InteractionReader.Read(body.Span);
        }
        catch (NotAnInteractionException e)
        {
            return Refuse(logger, StatusCodes.Status400BadRequest, $"The body is no interaction: {e.Message}.");
        }

        // A link, or a kind that this app does not offer.
        return interaction is null || Click.Read(interaction) is not { } click
            ? TypedResults.Ok()
            : await TakeAsync(click, desk, logger, cancellationToken);
    }

    private static async Task<Results<Ok, ProblemHttpResult>> TakeAsync(Click click, ClickDesk desk, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            return await desk.TakeAsync(click, Way, cancellationToken) switch
            {
                ClickResult.Accepted => TypedResults.Ok(),
                ClickResult.Repeated => Refuse(logger, StatusCodes.Status409Conflict, "This click has been accepted before."),
                ClickResult.Foreign => Refuse(logger, StatusCodes.Status403Forbidden, "The message is not one of this app."),
                _ => Refuse(logger, StatusCodes.Status404NotFound, "There is no such proposal."),
            };
        }
        catch (ClickNotSafeException e)
        {
            Log.NotSafe(logger, click.ProposalId, e);
            return Refuse(logger, StatusCodes.Status503ServiceUnavailable, "The click could not be kept safely; click again.");
        }
    }

    private static ProblemHttpResult Refuse(ILogger logger, int statusCode, string reason)
    {
        GatewayMetrics.InteractionRefused(statusCode);
        Log.Refused(logger, statusCode, reason);
        return TypedResults.Problem(reason, statusCode: statusCode);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Slack callback refused with {StatusCode}: {Reason}")]
        public static partial void Refused(ILogger logger, int statusCode, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "A click on proposal {ProposalId} was not made safe; Slack shows the person an error")]
        public static partial void NotSafe(ILogger logger, Guid proposalId, Exception exception);
    }
}
