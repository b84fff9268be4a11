namespace AlertResponder.Incidents;

/// <summary>One sick thing, from its first alert to its recovery. At most one is open per subject.</summary>
public sealed class Incident
{
    public Guid Id { get; init; }

    /// <summary>See <see cref="AlertResponder.Incidents.SubjectKey"/>. Unique among open incidents.</summary>
    public required string SubjectKey { get; set; }

    public required string SubjectKind { get; set; }

    public string? SubjectNamespace { get; set; }

    public required string SubjectName { get; set; }

    public string? SubjectCluster { get; init; }

    /// <summary>The subject was told from names, since the cluster did not answer; it is asked again when it does.</summary>
    public bool? SubjectIsGuess { get; set; }

    public DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>The incident that has its alerts now: the subject was a guess, and the true one had an incident. Null for all others.</summary>
    public Guid? ContinuedIn { get; set; }

    /// <summary>How often it fired again within the reopen window.</summary>
    public int Reopened { get; set; }

    /// <summary>From 1; a new alert name or materially new evidence makes a new one, and a fresh analysis.</summary>
    public int Revision { get; set; }

    /// <summary>Rises with every change that the message shows.</summary>
    public int Version { get; set; }

    /// <summary>Alertmanager's address as the webhook stated it.</summary>
    public string? ExternalUrl { get; set; }

    /// <summary>The revision that <see cref="ContextJson"/> belongs to; 0 before.</summary>
    public int EnrichedRevision { get; set; }

    /// <summary>The last <c>ContextEnriched</c>.</summary>
    public string? ContextJson { get; set; }

    /// <summary>The revision that <see cref="AnalysisJson"/> belongs to; 0 before.</summary>
    public int AnalyzedRevision { get; set; }

    /// <summary>The last <c>AnalysisCompleted</c>.</summary>
    public string? AnalysisJson { get; set; }

    /// <summary>The revision whose suggested actions have been made proposals, or found not to be possible; null before.</summary>
    public int? ProposedRevision { get; set; }

    /// <summary>When its proposals are made, unless they are by then; null at once, and when they are made. Whoever owes them anew moves it.</summary>
    public DateTimeOffset? ProposeAt { get; set; }

    /// <summary>How often that was tried; null before.</summary>
    public int? ProposeTries { get; set; }

    /// <summary>When the cluster is read again because it could not be; null when nothing is owed.</summary>
    public DateTimeOffset? EvidenceRetryAt { get; set; }

    /// <summary>When the model is asked again because it could not be heard; null when nothing better is to come.</summary>
    public DateTimeOffset? ModelRetryAt { get; set; }

    /// <summary>When it is seen whether the diagnosis is about what is over, since an alert of several has resolved; null when that is known.</summary>
    public DateTimeOffset? ReviewAt { get; set; }

    /// <summary>The version that the message shows; 0 before it exists.</summary>
    public int DrawnVersion { get; set; }

    /// <summary>Where the message is; without <see cref="MessageTs"/>, where it was going to be.</summary>
    public string? MessageChannel { get; set; }

    /// <summary>The message's id within its channel.</summary>
    public string? MessageTs { get; set; }

    /// <summary>How many messages of this incident were given up before this one, because they could no longer be updated; null for none.</summary>
    public int? MessageNumber { get; set; }

    /// <summary>The channel of the message that this one continues; null for the first.</summary>
    public string? ContinuedFrom { get; set; }

    /// <summary>Why that one was given up: the board's error code.</summary>
    public string? ContinuedBecause { get; set; }

    /// <summary>The id of the reply in the message's thread that shows what the message has no room for; null without one.</summary>
    public string? ThreadTs { get; set; }

    /// <summary>What that reply shows, as a hash.</summary>
    public string? ThreadHash { get; set; }

    /// <summary>
    /// Until when one worker alone may draw; null when nobody does. A past time means that a worker stopped between
    /// posting and recording: the message may exist already.
    /// </summary>
    public DateTimeOffset? DrawClaimedUntil { get; set; }

    /// <summary>When the incident is driven again if it has made no progress by then.</summary>
    public DateTimeOffset DriveAt { get; set; }

    /// <summary>How often it was driven since its last progress.</summary>
    public int Drives { get; set; }

    /// <summary>The span that made its revision, as a W3C traceparent; null without tracing.</summary>
    public string? Traceparent { get; set; }
}
