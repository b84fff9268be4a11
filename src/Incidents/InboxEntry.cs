namespace AlertResponder.Incidents;

/// <summary>
/// An alert that the gateway of a single process has accepted and that is not yet part of an incident. Deleted in the
/// transaction that makes it one.
/// </summary>
public sealed class InboxEntry
{
    /// <summary>See <see cref="Urgency"/>.</summary>
    public const int Urgent = 1;

    /// <summary>Order of arrival.</summary>
    public long Sequence { get; init; }

    /// <summary>The message id of the <c>AlertReceived</c>.</summary>
    public Guid MessageId { get; init; }

    /// <summary>The <c>AlertReceived</c>.</summary>
    public required string Json { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary><see cref="Urgent"/> for what is put on the bus before others; null for those.</summary>
    public int? Urgency { get; init; }

    /// <summary>When it is put on the bus again if it is still here.</summary>
    public DateTimeOffset DriveAt { get; set; }

    public int Drives { get; set; }

    /// <summary>The span that brought it, as a W3C traceparent; null without tracing.</summary>
    public string? Traceparent { get; init; }
}
