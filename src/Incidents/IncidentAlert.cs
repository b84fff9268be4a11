using AlertResponder.Contracts;

namespace AlertResponder.Incidents;

/// <summary>One alert: a fingerprint and the time it began to fire.</summary>
public sealed class IncidentAlert
{
    public required string Fingerprint { get; init; }

    public DateTimeOffset StartsAt { get; init; }

    /// <summary>Null for an alert whose resolution arrived before, or without, its firing.</summary>
    public Guid? IncidentId { get; set; }

    public required string Name { get; init; }

    /// <summary>What its label <c>severity</c> says; null when that is none of ours.</summary>
    public Severity? Severity { get; init; }

    public AlertStatus Status { get; set; }

    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>When the webhook arrived that brought its present status.</summary>
    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>How often it came again unchanged.</summary>
    public int Repeats { get; set; }

    /// <summary>The incident's revision that this alert made; 0 when it only joined.</summary>
    public int Revision { get; set; }

    /// <summary>The <c>AlertReceived</c> that brought it.</summary>
    public required string ReceivedJson { get; set; }
}
