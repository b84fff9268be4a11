namespace AlertResponder.Enrichment.Comparison;

/// <summary>What a firing is that came after its own resolution.</summary>
internal enum LateVerdict
{
    /// <summary>Not known yet.</summary>
    Wait,

    /// <summary>Older than the resolution, and held up on its way.</summary>
    Old,

    /// <summary>The alert fires again.</summary>
    Fires,
}
