using AlertResponder.Contracts;

namespace AlertResponder.Incidents;

/// <summary>Everything the store knows about one incident: what the message and the page are drawn from.</summary>
/// <param name="Id">The incident.</param>
/// <param name="Subject">What is sick.</param>
/// <param name="Revision">Present revision, from 1.</param>
/// <param name="Version">Rises with every change that can be seen; a message that shows version n is up to date with n.</param>
/// <param name="OpenedAt">When the first alert arrived, UTC.</param>
/// <param name="ResolvedAt">When the last alert resolved; null while open.</param>
/// <param name="Reopened">How often it fired again within the reopen window (flapping).</param>
/// <param name="ExternalUrl">Alertmanager's address; null when it stated none.</param>
/// <param name="Alerts">Oldest first: of those that fire and of those that are over the newest, as many as can be shown.</param>
/// <param name="Context">The evidence of the latest enriched revision; null before.</param>
/// <param name="Analysis">The latest diagnosis; null before.</param>
/// <param name="Remediations">What was asked for and how it ended, oldest first; the newest hundred, without what was only looked at and what only its requester is told.</param>
/// <param name="TruncatedAlerts">How many further alerts of the same groups Alertmanager left out (<c>max_alerts</c>), as it said last.</param>
public sealed record IncidentSnapshot(
    Guid Id,
    Subject Subject,
    int Revision,
    int Version,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ResolvedAt,
    int Reopened,
    string? ExternalUrl,
    IReadOnlyList<IncidentAlertSnapshot> Alerts,
    ContextEnriched? Context,
    AnalysisCompleted? Analysis,
    IReadOnlyList<RemediationCompleted> Remediations,
    long TruncatedAlerts = 0)
{
    /// <summary>
    /// What was requested, and, while the incident is open, what can be; best first. One that is past its expiry is among them until
    /// somebody asks for it: the answer to that is a fresh one.
    /// </summary>
    public IReadOnlyList<ProposalSnapshot> Proposals { get; init; } = [];

    /// <summary>Of what the incident is that has its alerts now, since its own subject was a guess; null for all others.</summary>
    public Subject? ContinuedIn { get; init; }

    /// <summary>How many alerts there are of each name, also those that are left out of <see cref="Alerts"/>; by the first of each name.</summary>
    public IReadOnlyList<AlertCount> AlertCounts
    {
        get => field ?? [.. Alerts.GroupBy(alert => alert.Alert.Name(), StringComparer.Ordinal).Select(same => new AlertCount(
            same.Key,
            same.Count(alert => alert.Alert.Status == AlertStatus.Firing),
            same.Count(alert => alert.Alert.Status == AlertStatus.Resolved)))];
        init;
    }

    /// <summary>Which of the incident's messages this is drawn for, from 0: one that can no longer be updated is followed by another.</summary>
    public int MessageNumber { get; init; }

    /// <summary>The message before this one; null for the first.</summary>
    public ContinuedMessage? Continued { get; init; }

    /// <summary>Whether a part of what is stored could not be read, and is left out.</summary>
    public bool IsIncomplete { get; init; }
}

/// <summary>The alerts of one name.</summary>
/// <param name="Name">As <see cref="Alert.Name"/>.</param>
/// <param name="Firing">How many fire.</param>
/// <param name="Resolved">How many are over.</param>
public sealed record AlertCount(string Name, int Firing, int Resolved);

/// <summary>A message that could no longer be updated.</summary>
/// <param name="Channel">Where it is, or was.</param>
/// <param name="Reason">The board's error code.</param>
public sealed record ContinuedMessage(string Channel, string Reason);

/// <summary>One alert of an incident.</summary>
/// <param name="Alert">As it was last received.</param>
/// <param name="Repeats">How often it came again unchanged.</param>
/// <param name="Confirmed">Its present state is what Alertmanager's API said, and no webhook.</param>
public sealed record IncidentAlertSnapshot(Alert Alert, int Repeats, bool Confirmed = false);
