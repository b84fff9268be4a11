using AlertResponder.Contracts;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// What of a webhook was safe when its time was up: its repeat goes on from there, instead of reaching the same point again. Kept for a few minutes, and
/// of each fingerprint its last state only, so that nothing that happens to the alert meanwhile is taken for that repeat.
/// </summary>
internal sealed class ConfirmedAlerts(TimeProvider time)
{
    private const int Most = 200_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Guid> last = new(StringComparer.Ordinal);
    private DateTimeOffset until;

    public bool Has(Alert alert)
    {
        lock (gate)
        {
            return last.Count > 0 && time.GetUtcNow() < until && last.TryGetValue(alert.Fingerprint, out var id) && id == MessageIds.For(alert);
        }
    }

    public void Keep(IReadOnlyList<Alert> alerts)
    {
        lock (gate)
        {
            if (time.GetUtcNow() >= until || last.Count + alerts.Count > Most)
            {
                last.Clear();
            }

            until = time.GetUtcNow() + Kept;
            foreach (var alert in alerts)
            {
                last[alert.Fingerprint] = MessageIds.For(alert);
            }
        }
    }

    public void Forget(IEnumerable<Alert> alerts)
    {
        lock (gate)
        {
            if (last.Count == 0)
            {
                return;
            }

            foreach (var alert in alerts)
            {
                last.Remove(alert.Fingerprint);
            }
        }
    }
}
