using System.Text.RegularExpressions;

namespace AlertResponder.Simulators.Cluster;

/// <summary>A <c>labelSelector</c>: equality (<c>=</c>, <c>==</c>, <c>!=</c>), sets (<c>in</c>, <c>notin</c>) and existence.</summary>
internal sealed partial class LabelSelector
{
    private readonly List<Requirement> _requirements;

    private LabelSelector(List<Requirement> requirements) => _requirements = requirements;

    /// <exception cref="FormatException">It is none; the message is the API server's beginning of an explanation.</exception>
    public static LabelSelector Parse(string? text) => new(
        string.IsNullOrWhiteSpace(text) ? [] : [.. SplitOutsideParentheses().Split(text).Select(ParseRequirement)]);

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.TrueForAll(requirement => requirement.Matches(labels));

    private static Requirement ParseRequirement(string text)
    {
        if (Existence().Match(text) is { Success: true } existence)
            return new Requirement(existence.Groups["key"].Value, Negated: existence.Groups["not"].Length > 0, Values: null);
        if (Equality().Match(text) is { Success: true } equality)
            return new Requirement(equality.Groups["key"].Value, equality.Groups["operator"].Value == "!=", [equality.Groups["value"].Value]);
        if (Membership().Match(text) is { Success: true } set)
            return new Requirement(set.Groups["key"].Value, set.Groups["operator"].Value == "notin", [.. set.Groups["value"].Captures.Select(value => value.Value)]);
        throw new FormatException($"unable to parse requirement: found '{text.Trim()}', expected: a label requirement");
    }

    private sealed record Requirement(string Key, bool Negated, HashSet<string>? Values)
    {
        // "Not equal" and "not in" also hold for an object that lacks the label.
        public bool Matches(IReadOnlyDictionary<string, string> labels) =>
            (labels.TryGetValue(Key, out var value) && (Values is null || Values.Contains(value))) != Negated;
    }

    [GeneratedRegex(@",(?![^(]*\))", RegexOptions.None, 1000)]
    private static partial Regex SplitOutsideParentheses();

    [GeneratedRegex(@"^\s*(?<not>!?)\s*(?<key>[\w./-]+)\s*$", RegexOptions.None, 1000)]
    private static partial Regex Existence();

    [GeneratedRegex(@"^\s*(?<key>[\w./-]+)\s*(?<operator>==|=|!=)\s*(?<value>[\w.-]*)\s*$", RegexOptions.None, 1000)]
    private static partial Regex Equality();

    [GeneratedRegex(@"^\s*(?<key>[\w./-]+)\s+(?<operator>in|notin)\s*\(\s*(?<value>[\w.-]*)\s*(,\s*(?<value>[\w.-]*)\s*)*\)\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Membership();
}
