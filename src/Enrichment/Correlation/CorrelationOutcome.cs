namespace AlertResponder.Enrichment.Correlation;

/// <summary>What an alert means for the incidents.</summary>
internal enum CorrelationOutcome
{
    /// <summary>Known in this state: nothing but a counter changes.</summary>
    Repeat,

    /// <summary>A firing that comes shortly after its own resolution: resolved wins.</summary>
    Late,

    /// <summary>A resolution without a firing: kept, so that a late firing is recognised.</summary>
    Remembered,

    /// <summary>The subject has no incident: one opens.</summary>
    Opened,

    /// <summary>The subject has an open incident that knows this alert's name, as bad as this or worse.</summary>
    Joined,

    /// <summary>The subject has an open incident, and the alert's name is new to it, or worse than it was: a new revision.</summary>
    Revised,

    /// <summary>The subject's incident was resolved a moment ago: it opens again.</summary>
    Reopened,

    /// <summary>Others of the incident still fire.</summary>
    AlertResolved,

    /// <summary>It was the last that fired.</summary>
    IncidentResolved,
}
