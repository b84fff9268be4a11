namespace AlertResponder.Incidents;

/// <summary>How one request to remediate ended.</summary>
public sealed class RemediationEntry
{
    /// <summary>The request's own id: a redelivered request finds its entry.</summary>
    public Guid Id { get; init; }

    public Guid IncidentId { get; init; }

    public DateTimeOffset CompletedAt { get; init; }

    /// <summary>The <c>RemediationCompleted</c>, without its reply.</summary>
    public required string Json { get; init; }

    /// <summary>Whether only its requester is told. Null: no.</summary>
    public bool? ForRequesterOnly { get; init; }

    /// <summary>Its reply, kept apart since nobody draws it.</summary>
    public string? Reply { get; init; }

    /// <summary>When its reply was posted, or its refusal told; null before, and where there is nothing to tell.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>When it is told; while one worker tells it, until when that has it to itself. Null when nothing is to be told, or not yet known to be.</summary>
    public DateTimeOffset? TellAt { get; init; }

    /// <summary>The span that recorded it, as a W3C traceparent; null without tracing.</summary>
    public string? Traceparent { get; init; }
}
