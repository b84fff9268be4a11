namespace AlertResponder.Connections.Alertmanager;

/// <summary>An alert as Alertmanager's API v2 lists it. Foreign text: neither bounded nor redacted.</summary>
/// <param name="Fingerprint">The hash of its labels, as in webhooks.</param>
/// <param name="StartsAt">When it began to fire.</param>
/// <param name="UpdatedAt">When Prometheus last sent it.</param>
/// <param name="Labels">The label set.</param>
/// <param name="Annotations">Free text.</param>
/// <param name="GeneratorUrl">Link to the expression.</param>
/// <param name="Receivers">To whom its route leads.</param>
/// <param name="Status">Whether they are told.</param>
public sealed record ListedAlert(
    string Fingerprint,
    DateTimeOffset StartsAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyDictionary<string, string>? Labels,
    IReadOnlyDictionary<string, string>? Annotations,
    string? GeneratorUrl,
    IReadOnlyList<ListedReceiver>? Receivers,
    ListedStatus? Status)
{
    /// <summary>The same without the nulls that its JSON may have within it, whatever the types here say.</summary>
    internal ListedAlert WithoutNulls() => this with
    {
        Labels = WithoutNulls(Labels),
        Annotations = WithoutNulls(Annotations),
        Receivers = Receivers is { } receivers && receivers.Any(receiver => receiver?.Name is null) ? [.. receivers.Where(receiver => receiver?.Name is not null)] : Receivers,
    };

    private static IReadOnlyDictionary<string, string>? WithoutNulls(IReadOnlyDictionary<string, string>? texts) => texts is not null && texts.Values.Any(text => text is null)
        ? texts.Where(text => text.Value is not null).ToDictionary(StringComparer.Ordinal)
        : texts;
}

/// <param name="Name">As webhooks have it.</param>
public sealed record ListedReceiver(string Name);

/// <param name="State"><c>active</c>; <c>suppressed</c> by a silence or another alert; <c>unprocessed</c>.</param>
/// <param name="MutedBy">The time intervals that mute it; null before version 0.28, which does not say.</param>
public sealed record ListedStatus(string State, IReadOnlyList<string>? MutedBy = null);
