namespace AlertResponder.Incidents;

/// <summary>What the model has cost for a revision of an incident, and who is asking it at the moment.</summary>
public sealed class ModelSpend
{
    public Guid IncidentId { get; init; }

    public int Revision { get; init; }

    /// <summary>
    /// Until when one worker alone may ask; null when nobody does. A past time means that a worker stopped in between: its reservation
    /// stays in <see cref="SpentNanoUsd"/>.
    /// </summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>As in <see cref="ModelDay.SpentNanoUsd"/>.</summary>
    public long SpentNanoUsd { get; set; }

    /// <summary>Billed, as far as settled.</summary>
    public long InputTokens { get; set; }

    /// <inheritdoc cref="InputTokens"/>
    public long OutputTokens { get; set; }

    /// <summary>When the model was last asked.</summary>
    public DateTimeOffset AskedAt { get; set; }
}
