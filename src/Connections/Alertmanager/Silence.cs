using System.Text.Json.Serialization;

namespace AlertResponder.Connections.Alertmanager;

/// <summary>A silence as Alertmanager's API v2 has it.</summary>
/// <param name="Id">Null for one that is to be made; given again, the silence is changed.</param>
/// <param name="Matchers">All must match.</param>
/// <param name="StartsAt">UTC.</param>
/// <param name="EndsAt">UTC.</param>
/// <param name="CreatedBy">For people.</param>
/// <param name="Comment">For people.</param>
public sealed record Silence(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id,
    IReadOnlyList<SilenceMatcher> Matchers,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string CreatedBy,
    string Comment)
{
    /// <summary>Null for one that is to be made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SilenceStatus? Status { get; init; }

    [JsonIgnore]
    public bool IsOver => Status?.State == "expired";
}

/// <param name="State"><c>pending</c>, <c>active</c> or <c>expired</c>.</param>
public sealed record SilenceStatus(string State);

/// <summary>What a label must be.</summary>
/// <param name="Name">The label.</param>
/// <param name="Value">Its value, or a pattern (RE2) for the whole of it.</param>
/// <param name="IsRegex">Which of the two.</param>
/// <param name="IsEqual">Always true: Alertmanager below 0.22 does not know it.</param>
public sealed record SilenceMatcher(string Name, string Value, bool IsRegex, bool IsEqual = true)
{
    /// <summary>As <c>amtool</c> writes it: <c>pod=~"web-1|web-2"</c>.</summary>
    public override string ToString() => $"{Name}{(IsRegex ? "=~" : "=")}\"{Value}\"";
}
