using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>A <c>labelSelector</c>: equality (<c>=</c>, <c>==</c>, <c>!=</c>), sets (<c>in</c>, <c>notin</c>) and existence.</summary>
internal sealed partial class LabelSelector
{
    private readonly List<Requirement> _requirements;

    private LabelSelector(List<Requirement> requirements) => _requirements = requirements;

    /// <exception cref="FormatException">It is none; the message is the API server's beginning of an explanation.</exception>
    public static LabelSelector Parse(string? text) => new(
        string.IsNullOrWhiteSpace(text) ? [] : [.. SplitOutsideParentheses().Split(text).Select(ParseRequirement)]);

    public bool Matches(JsonObject item)
    {
        var labels = item["metadata"]?["labels"] as JsonObject;
        return _requirements.TrueForAll(requirement => requirement.Matches(labels?[requirement.Key]?.ToString()));
    }

    private static Requirement ParseRequirement(string text)
    {
        var match = new[] { Existence(), Equality(), Membership() }.Select(form => form.Match(text)).FirstOrDefault(match => match.Success)
            ?? throw new FormatException($"unable to parse requirement: found '{text.Trim()}', expected: a label requirement");
        var values = match.Groups["value"];
        return new Requirement(
            match.Groups["key"].Value,
            match.Groups["operator"].Value is "!" or "!=" or "notin",
            values.Success ? [.. values.Captures.Select(value => value.Value)] : null);
    }

    private sealed record Requirement(string Key, bool Negated, HashSet<string>? Values)
    {
        // "Not equal" and "not in" also hold for an object that lacks the label.
        public bool Matches(string? value) => (value is not null && (Values is null || Values.Contains(value))) != Negated;
    }

    [GeneratedRegex(@",(?![^(]*\))", RegexOptions.None, 1000)]
    private static partial Regex SplitOutsideParentheses();

    [GeneratedRegex(@"^\s*(?<operator>!?)\s*(?<key>[\w./-]+)\s*$", RegexOptions.None, 1000)]
    private static partial Regex Existence();

    [GeneratedRegex(@"^\s*(?<key>[\w./-]+)\s*(?<operator>==|=|!=)\s*(?<value>[\w.-]*)\s*$", RegexOptions.None, 1000)]
    private static partial Regex Equality();

    [GeneratedRegex(
        @"^\s*(?<key>[\w./-]+)\s+(?<operator>in|notin)\s*\(\s*(?<value>[\w.-]*)\s*(,\s*(?<value>[\w.-]*)\s*)*\)\s*$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Membership();
}
