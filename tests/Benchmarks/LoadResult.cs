namespace AlertResponder.Tests.Benchmarks;

/// <summary>What was measured.</summary>
/// <param name="Setup">The store and the bus.</param>
/// <param name="Refused">Webhooks whose answer was not 200.</param>
/// <param name="LostAlerts">Alerts that are part of no incident in the end.</param>
/// <param name="LostMessages">Workloads without a message in the end.</param>
/// <param name="Duplicates">Messages beyond the first of a workload.</param>
/// <param name="Latencies">From a webhook's planned time until Slack had the post, in order of length; without the warm-up.</param>
/// <param name="Drained">From the first webhook until nothing was left to do.</param>
/// <param name="Processor">What the pipeline's process used of the processor.</param>
/// <param name="PeakMemoryBytes">The most physical memory that the pipeline's process ever held.</param>
internal sealed record LoadResult(
    string Setup,
    int Refused,
    int LostAlerts,
    int LostMessages,
    int Duplicates,
    IReadOnlyList<TimeSpan> Latencies,
    TimeSpan Drained,
    TimeSpan Processor,
    long PeakMemoryBytes)
{
    /// <summary>The time that so large a part of the posts did not pass; null without posts.</summary>
    public TimeSpan? Percentile(double part) =>
        Latencies.Count == 0 ? null : Latencies[Math.Max(0, (int)Math.Ceiling(part * Latencies.Count) - 1)];
}
