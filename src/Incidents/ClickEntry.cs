namespace AlertResponder.Incidents;

/// <summary>
/// A click that the gateway has accepted: kept for a day, so that it is accepted once, and so that a single process, whose bus
/// forgets, still has it after a restart.
/// </summary>
public sealed class ClickEntry
{
    /// <summary>The message id of the <c>RemediationRequested</c>, derived from the click.</summary>
    public Guid Id { get; init; }

    /// <summary>The <c>RemediationRequested</c>.</summary>
    public required string Json { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Whether the gateway has nothing more to do with it: a broker keeps it, or remediation has answered it.</summary>
    public bool Handled { get; init; }

    /// <summary>The span that brought it, as a W3C traceparent; null without tracing.</summary>
    public string? Traceparent { get; init; }
}
