using System.Globalization;

namespace AlertResponder.Tests.Benchmarks;

/// <summary>What is sent, and what is expected of it.</summary>
/// <param name="Name">The command.</param>
/// <param name="Workloads">How many things are sick.</param>
/// <param name="AlertsPerWorkload">How many alerts fire about each of them.</param>
/// <param name="GroupSize">Alerts in a webhook.</param>
/// <param name="Interval">Between two webhooks, whatever becomes of them.</param>
/// <param name="WarmUp">Webhooks at the start whose times don't count: the runtime compiles then.</param>
internal sealed record LoadProfile(string Name, int Workloads, int AlertsPerWorkload, int GroupSize, TimeSpan Interval, int WarmUp)
{
    /// <summary>20 alerts a second for half a minute after a warm-up of ten seconds.</summary>
    public static readonly LoadProfile Latency = new("latency", Workloads: 800, AlertsPerWorkload: 1, GroupSize: 1, TimeSpan.FromMilliseconds(50), WarmUp: 200)
    {
        Median = TimeSpan.FromMilliseconds(100),
        Percentile99 = TimeSpan.FromMilliseconds(500),
    };

    /// <summary>The same beside a million past incidents, of which the pipeline deletes the oldest meanwhile.</summary>
    public static readonly LoadProfile Million = Latency with { Name = "million", PastIncidents = 1_000_000 };

    /// <summary>10,000 alerts in 60 s.</summary>
    public static readonly LoadProfile Storm = new("storm", Workloads: 500, AlertsPerWorkload: 20, GroupSize: 10, TimeSpan.FromMilliseconds(60), WarmUp: 0)
    {
        PeakMemoryBytes = 300_000_000,
    };

    /// <summary>All alerts.</summary>
    public int Alerts => Workloads * AlertsPerWorkload;

    /// <summary>What the store holds at the start; a tenth of it is older than the pipeline keeps it.</summary>
    public int PastIncidents { get; private init; }

    /// <summary>From a webhook's planned time to the post; null where it is no goal.</summary>
    public TimeSpan? Median { get; private init; }

    /// <inheritdoc cref="Median"/>
    public TimeSpan? Percentile99 { get; private init; }

    /// <summary>Of the pipeline's process; null where it is no goal.</summary>
    public long? PeakMemoryBytes { get; private init; }

    /// <summary>The goals that a result misses, a sentence each.</summary>
    public IEnumerable<string> Missed(LoadResult result)
    {
        if (result.Refused > 0)
        {
            yield return $"{result.Refused} webhooks were not answered with 200.";
        }

        if (result.LostAlerts > 0 || result.LostMessages > 0)
        {
            yield return $"{result.LostAlerts} alerts and {result.LostMessages} messages are lost.";
        }

        if (result.Duplicates > 0)
        {
            yield return $"{result.Duplicates} messages are one too many.";
        }

        if (result.Percentile(0.5) > Median)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The median is over {Median.Value.TotalMilliseconds} ms.");
        }

        if (result.Percentile(0.99) > Percentile99)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The 99th percentile is over {Percentile99.Value.TotalMilliseconds} ms.");
        }

        if (result.PeakMemoryBytes > PeakMemoryBytes)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The peak memory is over {PeakMemoryBytes.Value / 1e6} MB.");
        }
    }
}
