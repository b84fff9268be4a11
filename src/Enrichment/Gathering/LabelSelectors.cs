using k8s.Models;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>Which labels a selector means.</summary>
internal static class LabelSelectors
{
    /// <summary>As a list call takes it; null for one that selects nothing, or everything.</summary>
    public static string? Text(V1LabelSelector? selector)
    {
        string[] parts =
        [
            .. (selector?.MatchLabels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}"),
            .. (selector?.MatchExpressions ?? []).Select(Text),
        ];
        return parts.Length == 0 ? null : string.Join(",", parts);
    }

    /// <summary>An empty selector takes everything, none nothing.</summary>
    public static bool Matches(V1LabelSelector? selector, IDictionary<string, string>? labels) =>
        selector is not null
        && (selector.MatchLabels is not { } wanted || Matches(wanted, labels))
        && (selector.MatchExpressions ?? []).All(requirement => Matches(requirement, labels));

    /// <summary>All of them.</summary>
    public static bool Matches(IDictionary<string, string> wanted, IDictionary<string, string>? labels) =>
        wanted.All(label => Value(labels, label.Key) == label.Value);

    private static bool Matches(V1LabelSelectorRequirement requirement, IDictionary<string, string>? labels) =>
        (requirement.OperatorProperty, Value(labels, requirement.Key)) switch
        {
            ("In", { } value) => requirement.Values?.Contains(value) == true,
            ("NotIn", { } value) => requirement.Values?.Contains(value) != true,
            ("NotIn" or "DoesNotExist", null) => true,
            ("Exists", { }) => true,
            _ => false,
        };

    private static string Text(V1LabelSelectorRequirement requirement) => requirement.OperatorProperty switch
    {
        "In" => $"{requirement.Key} in ({string.Join(",", requirement.Values ?? [])})",
        "NotIn" => $"{requirement.Key} notin ({string.Join(",", requirement.Values ?? [])})",
        "DoesNotExist" => $"!{requirement.Key}",
        _ => requirement.Key,
    };

    private static string? Value(IDictionary<string, string>? labels, string key) => labels is not null && labels.TryGetValue(key, out var value) ? value : null;
}
