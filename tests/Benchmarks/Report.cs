using System.Globalization;

namespace AlertResponder.Tests.Benchmarks;

/// <summary>Prints a result as a Markdown table, and which goals it misses.</summary>
internal static class Report
{
    private static readonly string[] Columns =
    [
        "load", "store, bus", "alerts", "workloads", "refused", "lost", "duplicates", "median", "p90", "p99", "max", "done after", "CPU per alert", "peak memory",
    ];

    public static async Task WriteAsync(LoadProfile profile, LoadResult result)
    {
        string[] row =
        [
            profile.Name,
            result.Setup,
            Text($"{profile.Alerts:N0}"),
            Text($"{profile.Workloads:N0}"),
            Text($"{result.Refused}"),
            Text($"{result.LostAlerts + result.LostMessages}"),
            Text($"{result.Duplicates}"),
            Milliseconds(result.Percentile(0.5)),
            Milliseconds(result.Percentile(0.9)),
            Milliseconds(result.Percentile(0.99)),
            Milliseconds(result.Percentile(1)),
            Text($"{result.Drained.TotalSeconds:0.0} s"),
            Text($"{result.Processor.TotalMilliseconds / profile.Alerts:0.0} ms"),
            Text($"{result.PeakMemoryBytes / 1e6:0} MB"),
        ];
        await Console.Out.WriteLineAsync(Line(Columns));
        await Console.Out.WriteLineAsync(Line(Columns.Select(_ => "---")));
        await Console.Out.WriteLineAsync(Line(row));
        foreach (var missed in profile.Missed(result))
        {
            await Console.Error.WriteLineAsync(missed);
        }
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Milliseconds(TimeSpan? time) => time is { } value ? Text($"{value.TotalMilliseconds:0} ms") : "-";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
