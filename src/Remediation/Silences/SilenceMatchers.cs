using System.Text.RegularExpressions;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Redaction;

namespace AlertResponder.Remediation.Silences;

/// <summary>
/// What matches all of some alerts and as little else as possible: each of their labels, with the values that it has in them. Left out are
/// the labels that change while the alert stays the same, since the silence would be lost with them. Pure.
/// </summary>
internal static partial class SilenceMatchers
{
    private const int MostText = 32 * 1024;
    private const string Exported = "exported_";

    // Of the Prometheus that evaluates the rule, and of pods that are made anew.
    private static readonly HashSet<string> Passing = new(["prometheus", "prometheus_replica", "replica", "uid", "pod_ip"], StringComparer.Ordinal);

    // Of the exporter that an object's metrics are scraped from.
    private static readonly HashSet<string> OfExporter = new(["instance", "endpoint", "service"], StringComparer.Ordinal);

    /// <returns>The matchers; null when there are none that would do.</returns>
    public static IReadOnlyList<SilenceMatcher>? Of(IReadOnlyList<Alert> alerts)
    {
        // Nobody knows what they were.
        if (alerts.Count == 0 || alerts.Any(alert => alert.Labels.Values.Any(value => value.Contains(Redactor.Mark, StringComparison.Ordinal))))
        {
            return null;
        }

        var names = alerts.SelectMany(alert => alert.Labels.Keys.Where(name => Identifies(name, alert))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        List<SilenceMatcher> matchers =
        [
            .. names.Where(name => LabelName().IsMatch(name)).Select(name => Matcher(name, alerts)).Where(matcher => matcher.Value.Length > 0),
        ];

        // Alertmanager refuses those that would match anything.
        return matchers.Exists(matcher => !MatchesEmpty(matcher)) && matchers.Sum(matcher => matcher.Value.Length) <= MostText ? matchers : null;
    }

    private static SilenceMatcher Matcher(string name, IReadOnlyList<Alert> alerts)
    {
        // A label that an alert has not is to Alertmanager an empty one.
        var values = alerts.Select(alert => alert.Labels.GetValueOrDefault(name, "")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return values is [var only] ? new SilenceMatcher(name, only, IsRegex: false) : new SilenceMatcher(name, string.Join('|', values.Select(Regex.Escape)), IsRegex: true);
    }

    private static bool Identifies(string name, Alert alert) =>
        !Passing.Contains(name)
        && !(OfExporter.Contains(name) && IsOfObjects(alert))
        && !alert.Labels.ContainsKey(Exported + name);

    private static bool IsOfObjects(Alert alert) => alert.Labels.GetValueOrDefault("job")?.Contains("kube-state-metrics", StringComparison.Ordinal) == true;

    private static bool MatchesEmpty(SilenceMatcher matcher) => matcher.IsRegex && matcher.Value.StartsWith('|');

    [GeneratedRegex(@"^[a-zA-Z_][a-zA-Z0-9_]*\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex LabelName();
}
