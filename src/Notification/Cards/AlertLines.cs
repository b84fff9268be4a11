using System.Globalization;
using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Notification.Cards;

/// <summary>Tells which alerts fire: by name, how many, and what they differ in. Those that are over are folded to one line. Pure.</summary>
internal static class AlertLines
{
    private const int MostNames = 8;
    private const int MostValues = 10;
    private const int MaxName = 80;
    private const int MaxValue = 100;

    // What people look for first where several labels differ equally.
    private static readonly string[] Telling =
        ["instance", "pod", "persistentvolumeclaim", "persistentvolume", "volume", "node", "job_name", "container", "device", "mountpoint"];

    // Who observed it, and ids that nobody reads.
    private static readonly string[] NotTelling = ["prometheus", "prometheus_replica", "replica", "endpoint", "uid", "id"];

    /// <param name="incident">The incident.</param>
    /// <returns>The lines, and whether they tell more than names.</returns>
    public static (IReadOnlyList<CardLine> Lines, bool HasDifferences) Of(IncidentSnapshot incident)
    {
        var isOpen = incident.ResolvedAt is null;
        var counts = incident.AlertCounts.Where(count => !isOpen || count.Firing > 0).ToList();
        if (counts.Count == 0)
            return ([], false);

        var alerts = incident.Alerts.Select(alert => alert.Alert).ToList();
        var labels = counts.Take(MostNames).Select(count => DifferingLabel(alerts.Where(alert => alert.Name() == count.Name))).ToList();
        var shown = isOpen ? alerts.Where(alert => alert.Status == AlertStatus.Firing).ToList() : alerts;
        var told = counts.Take(MostNames).Zip(labels, (count, label) =>
        {
            var number = isOpen ? count.Firing : count.Firing + count.Resolved;
            var name = Times(ForeignText.Line(count.Name, MaxName), number);
            return label is null ? name : $"{name} ({Values(shown.Where(alert => alert.Name() == count.Name), label, number)})";
        });
        List<CardLine> lines = [CardLine.Of(CardSpan.Plain($"Alerts: {string.Join(", ", told)}{More(counts.Count - MostNames)}"))];
        var resolved = incident.AlertCounts.Sum(count => count.Resolved);
        if (isOpen && resolved > 0)
            lines.Add(CardLine.Of(CardSpan.Plain(Resolved([.. alerts.Where(alert => alert.Status == AlertStatus.Resolved)], alerts, resolved))));
        return (lines, labels.Exists(label => label is not null));
    }

    private static string Resolved(List<Alert> over, List<Alert> all, int count)
    {
        var names = over.GroupBy(alert => alert.Name(), StringComparer.Ordinal)
            .Select(same => (same.Key, Values: DifferingLabel(all.Where(alert => alert.Name() == same.Key)) is { } label ? Values(same, label, same.Count()) : null));
        return $"{Number(count)} resolved: {ForeignText.Line(string.Join(", ", names.Select(name => name.Values ?? name.Key)), MaxValue * 3)}";
    }

    /// <summary>The label that tells most of these alerts apart; null where none does.</summary>
    private static string? DifferingLabel(IEnumerable<Alert> alerts)
    {
        var sets = alerts.Select(alert => alert.Labels).ToList();
        return sets.SelectMany(labels => labels.Keys).Distinct(StringComparer.Ordinal).Except(NotTelling, StringComparer.Ordinal)
            .Select(label => (Label: label, Values: sets.Select(labels => labels.GetValueOrDefault(label)).Distinct(StringComparer.Ordinal).Count()))
            .Where(label => label.Values > 1)
            .OrderByDescending(label => label.Values)
            .ThenBy(label => Array.IndexOf(Telling, label.Label) is >= 0 and var rank ? rank : Telling.Length)
            .ThenBy(label => label.Label, StringComparer.Ordinal)
            .Select(label => label.Label)
            .FirstOrDefault();
    }

    /// <summary>The first ten values, and how many alerts have others.</summary>
    private static string Values(IEnumerable<Alert> alerts, string label, int count)
    {
        var values = alerts.Select(alert => ForeignText.Line(alert.Labels.GetValueOrDefault(label), MaxValue) is { Length: > 0 } value ? value : $"no {label}")
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return $"{string.Join(", ", values.Take(MostValues))}{(values.Count > MostValues ? More(count - MostValues) : "")}";
    }

    private static string Times(string what, int count) => count > 1 ? $"{what} ×{Number(count)}" : what;

    private static string More(int count) => count > 0 ? $" and {Number(count)} more" : "";

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
