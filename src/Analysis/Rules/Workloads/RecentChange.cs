using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Workloads;

/// <summary>What was changed in the workload shortly before the trouble began: a suspect, not a proof.</summary>
/// <param name="Clause"><c>began 4 min after image a:1 → a:2</c>.</param>
/// <param name="EvidenceId">The change.</param>
internal sealed record RecentChange(string Clause, string EvidenceId)
{
    public const string Name = "recent-change";

    /// <summary>Most alerts wait up to 15 minutes before they fire, and a rollout takes its time.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);

    /// <summary>Null where nothing was changed, or not in the time in which it could be the reason.</summary>
    public static RecentChange? Find(CaseFile file)
    {
        if (file.Began is not { } began)
            return null;
        var change = file.Of(EvidenceKind.Change)
            .Where(item => item.Time is { } time && time <= began && began - time <= Before)
            .OrderByDescending(item => item.Time)
            .ThenBy(item => Rank(item.Fact(FactNames.Changed)))
            .FirstOrDefault();
        if (change is null)
            return null;
        var what = change.Fact(FactNames.Changed) ?? "its template";
        var values = (change.Fact(FactNames.From), change.Fact(FactNames.To)) switch
        {
            (null, null) => $"{what} changed",
            (null, { } to) => $"{what} was set to {Shown(to)}",
            ({ } from, null) => $"{what} {Shown(from)} was removed",
            ({ } from, { } to) => $"{what} {Shown(from)} → {Shown(to)}",
        };
        var minutes = (int)(began - change.Time!.Value).TotalMinutes;
        return new RecentChange($"began {(minutes < 1 ? "less than a minute" : $"{minutes} min")} after {values}", change.Id);
    }

    private static string Shown(string value) => Wording.Cut(Wording.OneLine(value), 100);

    /// <summary>The image says most about a new version, the whole template least.</summary>
    private static int Rank(string? changed) => changed switch
    {
        "image" => 0,
        "template" => 2,
        _ => 1,
    };
}
