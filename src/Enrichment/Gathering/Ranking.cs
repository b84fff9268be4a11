using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>What is worth most comes first: it gets the low numbers, and what does not fit a message is the rest.</summary>
internal static class Ranking
{
    /// <summary>What happened longer ago has rarely to do with an alert of now.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromHours(1);

    private static readonly EvidenceKind[] Order =
    [
        EvidenceKind.Alert, EvidenceKind.Pod, EvidenceKind.Event, EvidenceKind.PreviousLog, EvidenceKind.Log, EvidenceKind.Change, EvidenceKind.Owner,
        EvidenceKind.Resource, EvidenceKind.Volume, EvidenceKind.Quota, EvidenceKind.Service, EvidenceKind.Autoscaler, EvidenceKind.Node,
        EvidenceKind.Usage, EvidenceKind.DisruptionBudget, EvidenceKind.NetworkPolicy,
    ];

    /// <summary>Of one rank they stay as they are, but for events: newest first. What was come upon twice is told once.</summary>
    public static IEnumerable<Observation> Ranked(IEnumerable<Observation> found, DateTimeOffset now) =>
        found.OrderBy(item => item.IsAside).DistinctBy(item => (item.Kind, item.Source, item.Text, item.Time)).OrderBy(item => Rank(item, now)).ThenByDescending(item => item.Kind == EvidenceKind.Event ? item.Time : null);

    private static int Rank(Observation item, DateTimeOffset now) => item.Kind switch
    {
        _ when item.IsAside => Order.Length + 2,
        EvidenceKind.Event when item.Time < now - Old => Order.Length + 1,
        EvidenceKind.Event when item.Facts.Values.GetValueOrDefault(FactNames.Type) != EventEvidence.Warning => Order.Length,

        // Beside the pod that it belongs to.
        EvidenceKind.Container => Array.IndexOf(Order, EvidenceKind.Pod),
        var kind => Array.IndexOf(Order, kind),
    };
}
