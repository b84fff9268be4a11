using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>Kubernetes events: warnings before the rest, newest first.</summary>
internal static class EventEvidence
{
    private const int MostEvents = 10;

    public static void Add(EvidenceList list, ObjectReference source, IEnumerable<Corev1Event> events)
    {
        var ranked = events
            .OrderBy(item => item.Type == "Warning" ? 0 : 1)
            .ThenByDescending(item => Time(item) ?? DateTime.MinValue)
            .Take(MostEvents);
        foreach (var item in ranked)
        {
            var count = item.Series?.Count ?? item.Count ?? 1;
            var facts = new Facts()
                .Set(FactNames.Type, item.Type)
                .Set(FactNames.Reason, item.Reason)
                .Set(FactNames.Message, item.Message)
                .Set(FactNames.Count, count);
            list.Add(
                EvidenceKind.Event,
                source,
                $"{item.Type} {item.Reason}{(count > 1 ? $" ×{count}" : "")}: {item.Message}",
                Time(item) is { } time ? Times.Utc(time) : null,
                facts);
        }
    }

    private static DateTime? Time(Corev1Event item) =>
        item.Series?.LastObservedTime ?? item.LastTimestamp ?? item.EventTime ?? item.FirstTimestamp ?? item.Metadata?.CreationTimestamp;
}
