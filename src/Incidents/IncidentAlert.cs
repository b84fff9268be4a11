using AlertResponder.Contracts;

namespace AlertResponder.Incidents;

/// <summary>One alert: a fingerprint and the time it began to fire.</summary>
public sealed class IncidentAlert
{
    /// <summary>The longest <see cref="Name"/>: an index of PostgreSQL takes no more than a few kilobytes of a row.</summary>
    public const int MaxName = 200;

    public required string Fingerprint { get; init; }

    public DateTimeOffset StartsAt { get; init; }

    /// <summary>Null for an alert whose resolution arrived before, or without, its firing.</summary>
    public Guid? IncidentId { get; set; }

    /// <summary>As <see cref="NameOf"/>; the whole one is in <see cref="ReceivedJson"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What its label <c>severity</c> says; null when that is none of ours.</summary>
    public Severity? Severity { get; init; }

    public AlertStatus Status { get; set; }

    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>When the webhook arrived that brought its present status; of several resolutions, and of several firings once it was listed, the last.</summary>
    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>How often it came again unchanged.</summary>
    public int Repeats { get; set; }

    /// <summary>The incident's revision that this alert made; 0 when it only joined.</summary>
    public int Revision { get; set; }

    /// <summary>When it was received firing after its own resolution, and no resolution has followed; null otherwise.</summary>
    public DateTimeOffset? LateSince { get; set; }

    /// <summary>When it is looked at whether that firing is an old one; null when there is none to look at.</summary>
    public DateTimeOffset? LateLookAt { get; set; }

    /// <summary>When a comparison first found it in the Alertmanager that is asked; null before, and for those of another one.</summary>
    public DateTimeOffset? ListedAt { get; set; }

    /// <summary>Since when comparisons have not found it there any more, though it fires.</summary>
    public DateTimeOffset? MissingSince { get; set; }

    /// <summary>Alertmanager's address as the message that brought it stated it.</summary>
    public string? ExternalUrl { get; private set; }

    /// <summary>That message's receiver.</summary>
    public string? Receiver { get; private set; }

    /// <summary>Its label <c>cluster</c>.</summary>
    public string? Cluster { get; private set; }

    /// <summary>The <c>AlertReceived</c> that brought it.</summary>
    public string ReceivedJson { get; private set; } = "";

    /// <summary>Notes the message that brought it, and apart from it what is asked of thousands at once.</summary>
    public void BroughtBy(AlertReceived received)
    {
        ArgumentNullException.ThrowIfNull(received);
        (ExternalUrl, Receiver, Cluster) = (received.ExternalUrl, received.Receiver, received.Alert.Labels.GetValueOrDefault("cluster"));
        ReceivedJson = StoredJson.Write(received);
    }

    /// <summary>What an alert is counted under: its name, of an absurdly long one the beginning.</summary>
    public static string NameOf(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.Name() is { Length: > MaxName } name ? name[..(char.IsHighSurrogate(name[MaxName - 1]) ? MaxName - 1 : MaxName)] : alert.Name();
    }
}
