namespace AlertResponder.Remediation.Silences;

/// <summary>How long alerts are silenced.</summary>
/// <param name="Name">The parameter's value.</param>
/// <param name="Text">For people: <c>for 1 h</c>.</param>
/// <param name="Span">How long; when <paramref name="UntilResolved"/>, how long at a time.</param>
/// <param name="UntilResolved">Whether the end is moved while the incident is open, and the silence lifted when it is resolved.</param>
internal sealed record SilenceLength(string Name, string Text, TimeSpan Span, bool UntilResolved = false)
{
    /// <summary>Nothing stays silenced for longer, however long its incident is open.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(6);

    public static IReadOnlyList<SilenceLength> All { get; } =
    [
        new("1h", "for 1 h", TimeSpan.FromHours(1)),
        new("4h", "for 4 h", TimeSpan.FromHours(4)),

        // So soon it ends when nobody is there to move its end.
        new("until-resolved", "until resolved", TimeSpan.FromHours(4), UntilResolved: true),
    ];

    /// <summary>Null when there is none by this name.</summary>
    public static SilenceLength? Find(string? name) => All.FirstOrDefault(length => length.Name == name);
}
