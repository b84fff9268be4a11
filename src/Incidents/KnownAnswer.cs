namespace AlertResponder.Incidents;

/// <summary>A model's answer that is used again where the same subject shows the same trouble.</summary>
public sealed class KnownAnswer
{
    /// <summary>See <see cref="AlertResponder.Incidents.SubjectKey"/>.</summary>
    public required string SubjectKey { get; init; }

    /// <summary>A hash of the evidence without what varies between two firings.</summary>
    public required string Signature { get; init; }

    /// <summary>The model that answered.</summary>
    public required string ModelId { get; set; }

    /// <summary>The answer with places for what varies; analysis alone knows its form.</summary>
    public required string Json { get; set; }

    /// <summary>Not used from then on.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
}
