using System.Runtime.CompilerServices;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
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
    [FromKeyedServices(StoreTime.Key)] TimeProvider time,
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
        foreach (var group in all.GroupBy(alert => alert.Origin.ExternalUrl, StringComparer.Ordinal).GroupBy(same => listings.Address(same.Key), same => same.ToList())
            .Select(group => (Address: group.Key, Known: group.SelectMany(same => same).ToList())).OrderByDescending(group => group.Known.Count).Take(MostAddresses))
        {
            IReadOnlyList<(string Difference, AlertReceived Received)> mending = [];
            try
            {
                (mending, var left) = await CompareAsync(group.Address, group.Known, before, cancellationToken);
                uncompared += left;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // What one of them says, or is stored of its alerts, keeps none of the others from being compared.
                uncompared += Firing(group.Known);
                Log.NotCompared(logger, e, group.Address is { } address ? AlertmanagerAddress.Shown(address) : "");
            }

            foreach (var (difference, received) in mending)
            {
                Log.Mended(logger, received.Alert.Name(), received.Alert.Fingerprint, difference);
                ComparisonMetrics.Mended(difference);
                yield return received;
            }
        }

        ComparisonMetrics.LeftOut(uncompared);
    }

    /// <returns>What mends the differences, and how many alerts are left uncompared.</returns>
    private async Task<(IReadOnlyList<(string Difference, AlertReceived Received)> Mending, int Uncompared)> CompareAsync(
        Uri? address, IReadOnlyList<KnownAlert> known, IReadOnlyList<AlertOrigin> before, CancellationToken cancellationToken)
    {
        var askedAt = time.GetUtcNow().InMicroseconds();
        if (address is null || await AskAsync(address, cancellationToken) is not { } listing)
        {
            return ([], Firing(known));
        }

        var differences = ComparisonRule.Decide(
            known,
            before.Where(origin => listings.Address(origin.ExternalUrl) == address),
            listing,
            askedAt,
            options.Value.CompareInterval(),
            alert => CorrelationRule.IsIgnored(alert, enrichment.Value.IgnoredAlerts),
            words);
        await RecordAsync(differences, askedAt, cancellationToken);
        return (await MendingAsync(differences, askedAt, cancellationToken), differences.Uncompared);
    }

    private static int Firing(IReadOnlyList<KnownAlert> known) => known.Count(alert => alert.Status == AlertStatus.Firing);

    private async Task<IReadOnlyList<(string Difference, AlertReceived Received)>> MendingAsync(Differences differences, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        var gone = differences.Gone.Take(MostMended).ToList();
        var untold = differences.Reopened.Take(MostMended).Select(alert => ("reopened", alert)).Concat(differences.Unknown.Take(MostMended).Select(alert => ("unknown", alert))).ToList();
        var messages = await MessagesAsync([.. gone, .. untold.Select(one => one.alert.Like)], cancellationToken);

        // A row that is no longer there was deleted meanwhile, since it is past.
        return
        [
            .. gone.Where(alert => messages.ContainsKey(Key(alert))).Select(alert => ("gone", ComparisonRule.Resolution(messages[Key(alert)], askedAt))),
            .. untold.Where(one => messages.ContainsKey(Key(one.alert.Like))).Select(one => (one.Item1, ComparisonRule.Firing(one.alert.Alert, messages[Key(one.alert.Like)], askedAt))),
        ];
    }

    private static (string Fingerprint, DateTimeOffset StartsAt) Key(KnownAlert alert) => (alert.Fingerprint, alert.StartsAt);

    private async Task<Dictionary<(string Fingerprint, DateTimeOffset StartsAt), AlertReceived>> MessagesAsync(IReadOnlyList<KnownAlert> alerts, CancellationToken cancellationToken)
    {
        var wanted = alerts.Select(Key).ToHashSet();
        Dictionary<(string Fingerprint, DateTimeOffset StartsAt), AlertReceived> messages = [];
        foreach (var chunk in wanted.Select(key => key.Fingerprint).Distinct(StringComparer.Ordinal).Chunk(KeysAtOnce))
        {
            var rows = await store.Alerts.AsNoTracking().Where(a => chunk.Contains(a.Fingerprint)).Select(a => new { a.Fingerprint, a.StartsAt, a.ReceivedJson }).ToListAsync(cancellationToken);
            foreach (var row in rows.Where(row => wanted.Contains((row.Fingerprint, row.StartsAt))))
            {
                messages[(row.Fingerprint, row.StartsAt)] = StoredJson.Read<AlertReceived>(row.ReceivedJson);
            }
        }

        return messages;
    }

    private async Task<AlertListing?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        var listing = await listings.AskAsync(address, cancellationToken);
        ComparisonMetrics.Compared(done: listing is not null);
        return listing;
    }

    // Without their messages, which are a hundred times as much: of most there is nothing to say.
    private async Task<IReadOnlyList<KnownAlert>> KnownAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - ComparisonRule.Window;
        return await (from alert in store.Alerts
                      join incident in store.Incidents on alert.IncidentId equals incident.Id
                      where (incident.ResolvedAt == null || incident.ResolvedAt >= since) && (alert.Status == AlertStatus.Firing || alert.ReceivedAt >= since)
                      orderby alert.ReceivedAt descending
                      select new KnownAlert(
                          alert.Fingerprint,
                          alert.StartsAt,
                          alert.Status,
                          alert.EndsAt,
                          alert.ReceivedAt,
                          alert.ListedAt,
                          alert.MissingSince,
                          alert.Receiver ?? "",
                          new AlertOrigin(alert.ExternalUrl, alert.Cluster))).Take(MostCompared).ToListAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<AlertOrigin>> ListedBeforeAsync(CancellationToken cancellationToken)
    {
        // Of those that an earlier version has stored and that were over by then, nobody has noted whose they are.
        var newest = await store.Alerts.Where(a => a.ListedAt != null && a.Receiver != null).OrderByDescending(a => a.ListedAt).Take(MostOrigins)
            .Select(a => new AlertOrigin(a.ExternalUrl, a.Cluster)).ToListAsync(cancellationToken);
        return [.. newest.Distinct()];
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
        [LoggerMessage(Level = LogLevel.Error, Message = "The alerts of Alertmanager at {Address} could not be compared; the others' are")]
        public static partial void NotCompared(ILogger logger, Exception exception, string address);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Alert} ({Fingerprint}): Alertmanager says what no webhook did ({Difference})")]
        public static partial void Mended(ILogger logger, string alert, string fingerprint, string difference);
    }
}
