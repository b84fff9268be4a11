using System.Runtime.CompilerServices;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>Looks after firings that came after their own resolution: old ones are forgotten, the others fire.</summary>
internal sealed partial class LateFirings(IncidentsContext store, Listings listings, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<LateFirings> logger)
{
    private const int BatchSize = 100;

    // Longer than what is published takes to be dealt with, which ends the wait itself.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <returns>Those that fire, to be published. Until they have been dealt with they are found again.</returns>
    public async IAsyncEnumerable<AlertReceived> LookAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        var due = await store.Alerts.AsNoTracking().Where(a => a.LateLookAt <= now).OrderBy(a => a.LateLookAt).Take(BatchSize).ToListAsync(cancellationToken);
        Dictionary<Uri, AlertListing?> asked = [];
        foreach (var row in due)
        {
            var lease = now + Lease;
            var own = store.Alerts.Where(a => a.Fingerprint == row.Fingerprint && a.StartsAt == row.StartsAt && a.LateSince == row.LateSince);
            var claimed = await own.Where(a => a.LateLookAt == row.LateLookAt).ExecuteUpdateAsync(set => set.SetProperty(a => a.LateLookAt, lease), cancellationToken);
            if (claimed == 0 || row.LateSince is not { } since)
            {
                continue;
            }

            var received = StoredJson.Read<AlertReceived>(row.ReceivedJson);
            switch (await JudgeAsync(row, since, received.ExternalUrl, asked, now, cancellationToken))
            {
                case LateVerdict.Wait:
                    await own.ExecuteUpdateAsync(set => set.SetProperty(a => a.LateLookAt, since + CorrelationRule.LateWait), cancellationToken);
                    break;

                case LateVerdict.Old:
                    await own.ExecuteUpdateAsync(
                        set => set.SetProperty(a => a.LateSince, (DateTimeOffset?)null).SetProperty(a => a.LateLookAt, (DateTimeOffset?)null), cancellationToken);
                    break;

                default:
                    Log.FiresAgain(logger, row.Name, row.Fingerprint);
                    ComparisonMetrics.Mended("late");
                    yield return received with
                    {
                        Alert = received.Alert with { Status = AlertStatus.Firing, EndsAt = null },
                        ReceivedAt = now,
                        Confirmed = now - since < CorrelationRule.LateWait,
                    };
                    break;
            }
        }
    }

    private async Task<LateVerdict> JudgeAsync(
        IncidentAlert row, DateTimeOffset since, string? externalUrl, Dictionary<Uri, AlertListing?> asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Its label set fires with another start: that is what there is to know.
        if (await store.Alerts.AnyAsync(a => a.Fingerprint == row.Fingerprint && a.Status == AlertStatus.Firing, cancellationToken))
        {
            return LateVerdict.Old;
        }

        AlertListing? listing = null;
        if (listings.Address(externalUrl) is { } address && !asked.TryGetValue(address, out listing))
        {
            asked[address] = listing = await listings.AskAsync(address, cancellationToken);
        }

        return LateRule.Judge(row.Fingerprint, since, row.EndsAt ?? row.ReceivedAt, row.ListedAt is not null, listing, now);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Alert {Alert} ({Fingerprint}) fires again with the start that it had")]
        public static partial void FiresAgain(ILogger logger, string alert, string fingerprint);
    }
}
