using System.Text;
using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>Keeps the alerts of a message within the size that a message may have.</summary>
internal static class AlertBounds
{
    /// <summary>UTF-8 bytes of labels and annotations.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <param name="alerts">Oldest first.</param>
    /// <returns>As many as fit, oldest first: those that fire before those that are over, the newest of each before the others; one at least.</returns>
    public static IReadOnlyList<Alert> Keep(IReadOnlyList<Alert> alerts)
    {
        var left = MaxBytes;
        var kept = alerts.Reverse().OrderBy(alert => alert.Status == AlertStatus.Firing ? 0 : 1).TakeWhile((alert, index) => (left -= Size(alert)) >= 0 || index == 0)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. alerts.Where(kept.Contains)];
    }

    private static int Size(Alert alert) =>
        alert.Labels.Concat(alert.Annotations).Sum(text => Encoding.UTF8.GetByteCount(text.Key) + Encoding.UTF8.GetByteCount(text.Value));
}
