using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>Kubernetes events: warnings before the rest, newest first.</summary>
internal static class EventEvidence
{
    public const string Warning = "Warning";

    private const int MostEvents = 10;

    /// <param name="events">As they were read.</param>
    /// <param name="about">What they are about; null to take it from each event.</param>
    public static IEnumerable<Observation> Of(IEnumerable<Corev1Event> events, ObjectReference? about = null) => events
        .OrderBy(item => item.Type == Warning ? 0 : 1)
        .ThenByDescending(item => Time(item) ?? DateTime.MinValue)
        .Take(MostEvents)
        .Select(item => Of(item, about ?? About(item.InvolvedObject)));

    private static Observation Of(Corev1Event item, ObjectReference about)
    {
        var count = item.Series?.Count ?? item.Count ?? 1;
        return new Observation(
            EvidenceKind.Event,
            about,
            $"{item.Type} {item.Reason}{(count > 1 ? $" ×{count}" : "")}: {item.Message}",
            new Facts()
                .Set(FactNames.Type, item.Type)
                .Set(FactNames.Reason, item.Reason)
                .Set(FactNames.Message, item.Message)
                .Set(FactNames.Count, count),
            Time(item) is { } time ? Times.Utc(time) : null);
    }

    private static ObjectReference About(V1ObjectReference item) =>
        new(item.Kind ?? "", string.IsNullOrEmpty(item.NamespaceProperty) ? null : item.NamespaceProperty, item.Name ?? "", Uid: item.Uid);

    private static DateTime? Time(Corev1Event item) =>
        item.Series?.LastObservedTime ?? item.LastTimestamp ?? item.EventTime ?? item.FirstTimestamp ?? item.Metadata?.CreationTimestamp;
}
