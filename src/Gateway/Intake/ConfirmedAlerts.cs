using System.Runtime.InteropServices;
using AlertResponder.Contracts;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// What of a webhook was safe when its time was up: its repeat goes on from there, instead of reaching the same point again. Kept for a minute, for a webhook of the
/// very same alerts only, and of each fingerprint its last state only: what happens to an alert meanwhile, maybe by way of another gateway, is not taken for that repeat.
/// </summary>
internal sealed class ConfirmedAlerts(TimeProvider time)
{
    private const int Most = 200_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> last = new(StringComparer.Ordinal);

    /// <summary>Those of a webhook that an earlier try has not made safe.</summary>
    public IReadOnlyList<AlertReceived> NotYet(IReadOnlyList<AlertReceived> webhook)
    {
        lock (gate)
        {
            if (last.Count == 0)
            {
                return webhook;
            }

            var (key, now) = (KeyOf(webhook), time.GetUtcNow());
            return
            [
                .. webhook.Where(alert => !(last.TryGetValue(alert.Alert.Fingerprint, out var entry)
                    && entry.Webhook == key && entry.Id == MessageIds.For(alert.Alert) && now < entry.Until)),
            ];
        }
    }

    /// <summary>Remembers what of a webhook is safe.</summary>
    public void Keep(IReadOnlyList<AlertReceived> webhook, IReadOnlyList<AlertReceived> safe)
    {
        var (key, now) = (KeyOf(webhook), time.GetUtcNow());
        lock (gate)
        {
            if (last.Count + safe.Count > Most)
            {
                foreach (var (fingerprint, _) in last.Where(entry => entry.Value.Until <= now).ToList())
                {
                    last.Remove(fingerprint);
                }
            }

            if (last.Count + safe.Count > Most)
            {
                last.Clear();
            }

            foreach (var alert in safe)
            {
                last[alert.Alert.Fingerprint] = new Entry(key, MessageIds.For(alert.Alert), now + Kept);
            }
        }
    }

    public void Forget(IReadOnlyList<AlertReceived> alerts)
    {
        lock (gate)
        {
            if (last.Count == 0)
            {
                return;
            }

            foreach (var alert in alerts)
            {
                last.Remove(alert.Alert.Fingerprint);
            }
        }
    }

    // The sum of its alerts' ids, which are hashes: the same for the same set.
    private static UInt128 KeyOf(IReadOnlyList<AlertReceived> webhook)
    {
        var key = (UInt128)(uint)webhook.Count;
        foreach (var alert in webhook)
        {
            var id = MessageIds.For(alert.Alert);
            key = unchecked(key + MemoryMarshal.Cast<Guid, UInt128>(new ReadOnlySpan<Guid>(in id))[0]);
        }

        return key;
    }

    private sealed record Entry(UInt128 Webhook, Guid Id, DateTimeOffset Until);
}
