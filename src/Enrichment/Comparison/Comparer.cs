using System.Runtime.CompilerServices;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Incidents;
using AlertResponder.Resilience.Alertmanager;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>Compares our alerts that fire, or did a while ago, with those that Alertmanager has.</summary>
internal sealed partial class Comparer(
    IncidentsContext store,
    Listings listings,
    IOptions<AlertmanagerOptions> options,
    IOptions<EnrichmentOptions> enrichment,
    SeverityWords words,
    TimeProvider time,
    ILogger<Comparer> logger)
{
    private const int MostCompared = 20_000;

    // Of each kind; the rest has its turn in the next comparison.
    private const int MostMended = 500;

    // Of those that webhooks state.
    private const int MostAddresses = 8;
    private const int KeysAtOnce = 500;

    // Enough to know of every Alertmanager that there is.
    private const int MostOrigins = 200;

    /// <returns>
    /// What mends the differences, to be published before the next Alertmanager is asked. Until that has been dealt with they are found again.
    /// </returns>
    public async IAsyncEnumerable<AlertReceived> CompareAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var uncompared = 0;
        var all = await KnownAsync(cancellationToken);
        var before = all.Count == 0 ? [] : await ListedBeforeAsync(cancellationToken);
        foreach (var group in all.GroupBy(alert => listings.Address(alert.Received.ExternalUrl)).OrderByDescending(group => group.Count()).Take(MostAddresses))
        {
            var known = group.ToList();
            var askedAt = time.GetUtcNow().InMicroseconds();
            var listing = group.Key is { } address ? await AskAsync(address, cancellationToken) : null;
            if (listing is null)
            {
                uncompared += known.Count(alert => alert.Status == AlertStatus.Firing);
                continue;
            }

            var differences = ComparisonRule.Decide(
                known,
                before.Where(origin => listings.Address(origin.ExternalUrl) == group.Key),
                listing,
                askedAt,
                options.Value.CompareInterval(),
                alert => CorrelationRule.IsIgnored(alert, enrichment.Value.IgnoredAlerts),
                words);
            uncompared += differences.Uncompared;
            await RecordAsync(differences, askedAt, cancellationToken);
            foreach (var (difference, received) in Mending(differences))
            {
                Log.Mended(logger, received.Alert.Name(), received.Alert.Fingerprint, difference);
                ComparisonMetrics.Mended(difference);
                yield return received;
            }
        }

        ComparisonMetrics.LeftOut(uncompared);
    }

    private static IEnumerable<(string Difference, AlertReceived Received)> Mending(Differences differences) =>
    [
        .. differences.Gone.Take(MostMended).Select(received => ("gone", received)),
        .. differences.Reopened.Take(MostMended).Select(received => ("reopened", received)),
        .. differences.Unknown.Take(MostMended).Select(received => ("unknown", received)),
    ];

    private async Task<AlertListing?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        var listing = await listings.AskAsync(address, cancellationToken);
        ComparisonMetrics.Compared(done: listing is not null);
        return listing;
    }

    private async Task<IReadOnlyList<KnownAlert>> KnownAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - ComparisonRule.Window;
        var rows = await (from alert in store.Alerts.AsNoTracking()
                          join incident in store.Incidents on alert.IncidentId equals incident.Id
                          where (incident.ResolvedAt == null || incident.ResolvedAt >= since) && (alert.Status == AlertStatus.Firing || alert.ReceivedAt >= since)
                          orderby alert.ReceivedAt descending
                          select alert).Take(MostCompared).ToListAsync(cancellationToken);
        return rows.ConvertAll(row =>
        {
            var received = StoredJson.Read<AlertReceived>(row.ReceivedJson);
            return new KnownAlert(
                row.Status,
                row.EndsAt,
                row.ReceivedAt,
                row.ListedAt,
                row.MissingSince,
                received with { Alert = received.Alert with { Status = row.Status, EndsAt = row.EndsAt } });
        });
    }

    private async Task<IReadOnlyList<AlertOrigin>> ListedBeforeAsync(CancellationToken cancellationToken)
    {
        var messages = await store.Alerts.Where(a => a.ListedAt != null).OrderByDescending(a => a.ListedAt).Take(MostOrigins).Select(a => a.ReceivedJson).ToListAsync(cancellationToken);
        return [.. messages.Select(json => AlertOrigin.Of(StoredJson.Read<AlertReceived>(json))).Distinct()];
    }

    private async Task RecordAsync(Differences differences, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        foreach (var chunk in differences.Found.Chunk(KeysAtOnce))
        {
            var firing = store.Alerts.Where(a => chunk.Contains(a.Fingerprint) && a.Status == AlertStatus.Firing);
            await firing.Where(a => a.ListedAt == null).ExecuteUpdateAsync(set => set.SetProperty(a => a.ListedAt, askedAt), cancellationToken);
            await firing.Where(a => a.MissingSince != null).ExecuteUpdateAsync(set => set.SetProperty(a => a.MissingSince, (DateTimeOffset?)null), cancellationToken);
        }

        foreach (var chunk in differences.Missing.Chunk(KeysAtOnce))
        {
            await store.Alerts.Where(a => chunk.Contains(a.Fingerprint) && a.Status == AlertStatus.Firing && a.ReceivedAt < askedAt)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.MissingSince, askedAt), cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Alert} ({Fingerprint}): Alertmanager says what no webhook did ({Difference})")]
        public static partial void Mended(ILogger logger, string alert, string fingerprint, string difference);
    }
}
