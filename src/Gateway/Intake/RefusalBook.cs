using AlertResponder.Incidents;
using AlertResponder.Redaction;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// Records in the store what the gateway does not take, for notification to tell. Of callers who may not post, whoever they are, it keeps one
/// record, written once a minute at most: a stranger can make us say once an hour that there is one, and nothing else.
/// </summary>
internal sealed partial class RefusalBook(IServiceScopeFactory scopes, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<RefusalBook> logger)
{
    private const string Strangers = "callers without a valid token";
    private const int MaxAgent = 60;
    private static readonly TimeSpan StrangersInterval = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private long strangers;
    private DateTimeOffset? strangersRecordedAt;

    /// <summary>Records a refusal, on disk when it returns.</summary>
    /// <param name="request">Whose.</param>
    /// <param name="reason">Why.</param>
    /// <param name="detail">Why, in a sentence, without secrets.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AlertsNotSafeException">The store does not answer.</exception>
    public async Task RecordAsync(HttpRequest request, RefusalReason reason, string detail, long count, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IncidentsContext>()
                .RecordRefusalAsync(SenderOf(request), reason, BoundedText.Cut(detail, WebhookRefusal.MaxDetail), count, time.GetUtcNow(), cancellationToken);
        }
        catch (Exception e) when (StoreOutage.Is(e))
        {
            throw new AlertsNotSafeException("What was refused could not be recorded.", e);
        }
    }

    /// <summary>Records that the sender was asked to repeat its webhook, if the store can be written: it may be what is out of order.</summary>
    public async Task TryRecordNotSafeAsync(HttpRequest request, string detail)
    {
        try
        {
            await RecordAsync(request, RefusalReason.NotSafe, detail, 1, CancellationToken.None);
        }
        catch (AlertsNotSafeException e)
        {
            Log.NotRecorded(logger, e);
        }
    }

    /// <summary>Counts a caller who may not post; now and then that is recorded.</summary>
    public async Task CountStrangerAsync(HttpRequest request, string detail, CancellationToken cancellationToken)
    {
        long count;
        lock (gate)
        {
            strangers++;
            if (time.GetUtcNow() - strangersRecordedAt < StrangersInterval)
            {
                return;
            }

            (count, strangers, strangersRecordedAt) = (strangers, 0, time.GetUtcNow());
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IncidentsContext>().RecordRefusalAsync(
                Strangers, RefusalReason.Unauthorized, BoundedText.Cut($"{detail} The last was {SenderOf(request)}.", WebhookRefusal.MaxDetail), count, time.GetUtcNow(), cancellationToken);
        }
        catch (Exception e) when (StoreOutage.Is(e))
        {
            Log.NotRecorded(logger, e);
        }
    }

    // The address is the connection's: what a header says of it anybody can make up.
    private static string SenderOf(HttpRequest request)
    {
        var address = request.HttpContext.Connection.RemoteIpAddress is { } ip ? (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).ToString() : "unknown address";
        var agent = new string([.. request.Headers.UserAgent.ToString().Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_' or ' ')]).Trim();
        return agent.Length == 0 ? address : $"{address} ({BoundedText.Cut(Redactor.Redact(agent), MaxAgent)})";
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A refusal could not be recorded: nobody is told of it but by this log and the metrics")]
        public static partial void NotRecorded(ILogger logger, Exception exception);
    }
}
