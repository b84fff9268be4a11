namespace AlertResponder.Incidents;

/// <summary>Reads what a decision needs of an incident.</summary>
public static class IncidentQueries
{
    /// <summary>
    /// Without context and analysis, of 100 KB together, which most decisions don't look at; for them <see cref="Incident.ContextJson"/>
    /// and <see cref="Incident.AnalysisJson"/> are null. Not tracked; one that is attached saves whatever is changed of it afterwards.
    /// </summary>
    public static IQueryable<Incident> WithoutJson(this IQueryable<Incident> incidents) => incidents.Select(i => new Incident
    {
        Id = i.Id,
        SubjectKey = i.SubjectKey,
        SubjectKind = i.SubjectKind,
        SubjectNamespace = i.SubjectNamespace,
        SubjectName = i.SubjectName,
        SubjectCluster = i.SubjectCluster,
        SubjectIsGuess = i.SubjectIsGuess,
        OpenedAt = i.OpenedAt,
        ResolvedAt = i.ResolvedAt,
        ContinuedIn = i.ContinuedIn,
        Reopened = i.Reopened,
        Revision = i.Revision,
        Version = i.Version,
        ExternalUrl = i.ExternalUrl,
        EnrichedRevision = i.EnrichedRevision,
        AnalyzedRevision = i.AnalyzedRevision,
        ProposedRevision = i.ProposedRevision,
        ProposeAt = i.ProposeAt,
        ProposeTries = i.ProposeTries,
        EvidenceRetryAt = i.EvidenceRetryAt,
        ModelRetryAt = i.ModelRetryAt,
        ReviewAt = i.ReviewAt,
        DrawnVersion = i.DrawnVersion,
        MessageChannel = i.MessageChannel,
        MessageTs = i.MessageTs,
        MessageNumber = i.MessageNumber,
        ContinuedFrom = i.ContinuedFrom,
        ContinuedBecause = i.ContinuedBecause,
        ThreadTs = i.ThreadTs,
        ThreadHash = i.ThreadHash,
        DrawClaimedUntil = i.DrawClaimedUntil,
        DriveAt = i.DriveAt,
        Drives = i.Drives,
        Traceparent = i.Traceparent,
    });
}
