namespace AlertResponder.Contracts;

/// <summary>One alert of an Alertmanager webhook (format version 4), its foreign text already redacted.</summary>
/// <param name="Fingerprint">Alertmanager's hash of the label set, 16 hexadecimal digits.</param>
/// <param name="Status">Firing or resolved.</param>
/// <param name="Labels">The label set; identifies the alert.</param>
/// <param name="Annotations">Free text such as <c>summary</c>, <c>description</c> and <c>runbook_url</c>.</param>
/// <param name="StartsAt">When it began to fire, UTC, in whole microseconds (what every store keeps exactly).</param>
/// <param name="EndsAt">When it ended; null while it fires.</param>
/// <param name="GeneratorUrl">Link to the expression in Prometheus; null when there is none.</param>
/// <param name="Severity">How bad it is, as the gateway read its labels; null when they say nothing that is known. Of an alert from before it was carried, by the shipped words.</param>
public sealed record Alert(
    string Fingerprint,
    AlertStatus Status,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    DateTimeOffset StartsAt,
    DateTimeOffset? EndsAt,
    string? GeneratorUrl,
    Severity? Severity = null)
{
    /// <summary>How bad it is; null when nothing that is known says it.</summary>
    public Severity? Severity { get; init; } = Severity ?? SeverityWords.Shipped.Of(Labels);

    /// <summary>The <c>alertname</c> label, or <c>(unnamed)</c>: Alertmanager accepts alerts without one.</summary>
    public string Name() => Labels.GetValueOrDefault("alertname") is { Length: > 0 } name ? name : "(unnamed)";

    /// <summary>The <c>cluster</c> label, where several clusters send; null without one.</summary>
    public string? Cluster() => Labels.GetValueOrDefault("cluster") is { Length: > 0 } cluster ? cluster : null;

    /// <summary>Whether it goes before others.</summary>
    public bool IsUrgent() => Status == AlertStatus.Firing && Severity == Contracts.Severity.Critical;
}
