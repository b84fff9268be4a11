using System.Linq.Expressions;
using AlertResponder.Incidents.Work;

namespace AlertResponder.Incidents;

/// <summary>What an incident owes, in the order of the stages.</summary>
public enum IncidentStep
{
    /// <summary>Nothing: its message shows all there is to show.</summary>
    Nothing,

    /// <summary>The evidence of its revision.</summary>
    Enrich,

    /// <summary>The analysis of its revision.</summary>
    Analyse,

    /// <summary>The message, which does not show its version.</summary>
    Redraw,

    /// <summary>The proposals of its analysis.</summary>
    Propose,

    /// <summary>A look at what became of a proposal that somebody requested.</summary>
    Verify,
}

/// <summary>What an incident owes, and when it is looked at whether that has come.</summary>
/// <param name="Step">What.</param>
/// <param name="At">When its stage is asked again; for <see cref="IncidentStep.Nothing"/> when something better may come. Null: by itself never.</param>
public sealed record NextStep(IncidentStep Step, DateTimeOffset? At = null);

/// <summary>
/// The rule by which every incident goes on: what it owes next, and when that is asked for again. The watchdog, the stages, the gauges and the page
/// have it from here. Pure; each query is the same rule for the store.
/// </summary>
public static class IncidentProgress
{
    /// <summary>As <see cref="Incident.ProposedRevision"/>: the offers are to be made anew, at once.</summary>
    public const int ProposalsOwed = 0;

    /// <summary>How long a stage may take before its input is sent to it again.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long an analysis may keep a first message waiting. Then it is drawn from the alert alone, whatever the stages wait for or fail at: with
    /// the watchdog's interval and the posting itself Slack still hears within a minute. The deadlines of enrichment and analysis together are no longer.
    /// </summary>
    public static readonly TimeSpan AloneAfter = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(32);

    /// <summary>Those whose message does not show their version. By the index of <see cref="IsUnfinished"/>.</summary>
    public static Expression<Func<Incident, bool>> IsUndrawn { get; } = incident => incident.DrawnVersion < incident.Version;

    /// <summary>
    /// Those that owe <see cref="IncidentStep.Enrich"/>, <see cref="IncidentStep.Analyse"/> or <see cref="IncidentStep.Redraw"/>. One that is continued
    /// elsewhere owes its message alone. It is the filter of the index on <see cref="Incident.DriveAt"/>, in the same words.
    /// </summary>
    public static Expression<Func<Incident, bool>> IsUnfinished { get; } = incident =>
        incident.DrawnVersion < incident.Version || (incident.AnalyzedRevision < incident.Revision && incident.ContinuedIn == null);

    /// <summary>What it owes first.</summary>
    /// <param name="incident">The incident; without its JSON will do.</param>
    /// <param name="now">Now; what is to be done at once is due since then.</param>
    /// <param name="verifyAt">When the first of its requested proposals is looked at; null when none is.</param>
    /// <param name="proposes">Whether anybody makes proposals; otherwise they are nothing to wait for.</param>
    public static NextStep Next(Incident incident, DateTimeOffset now, DateTimeOffset? verifyAt = null, bool proposes = true) =>
        Owed(incident, now, verifyAt).FirstOrDefault(owed => proposes || owed.Step != IncidentStep.Propose) ?? new NextStep(IncidentStep.Nothing, BetterAt(incident));

    /// <summary>All that it owes. A stage goes on with its own part whatever the others owe.</summary>
    public static IEnumerable<NextStep> Owed(Incident incident, DateTimeOffset now, DateTimeOffset? verifyAt = null)
    {
        ArgumentNullException.ThrowIfNull(incident);
        if (incident.AnalyzedRevision < incident.Revision && incident.ContinuedIn is null)
        {
            yield return new NextStep(incident.EnrichedRevision < incident.Revision ? IncidentStep.Enrich : IncidentStep.Analyse, incident.DriveAt);
        }

        // A first message waits for its analysis. Whatever holds that up, a person hears of the alert.
        if (incident.DrawnVersion < incident.Version)
        {
            var alone = incident.OpenedAt + AloneAfter;
            yield return new NextStep(IncidentStep.Redraw, incident.AnalyzedRevision > 0 || incident.DriveAt > alone ? incident.DriveAt : alone);
        }

        if (incident is { ResolvedAt: null, AnalyzedRevision: > 0 } && (incident.ProposedRevision ?? ProposalsOwed) < incident.AnalyzedRevision)
        {
            yield return new NextStep(IncidentStep.Propose, incident.ProposeAt ?? now);
        }

        if (verifyAt is not null)
        {
            yield return new NextStep(IncidentStep.Verify, verifyAt);
        }
    }

    /// <summary>Those of <see cref="IsUnfinished"/> that are due.</summary>
    public static IQueryable<Incident> Stalled(this IQueryable<Incident> incidents, DateTimeOffset now) =>
        incidents.Where(IsUnfinished).Where(incident => incident.DriveAt <= now);

    /// <summary>Those whose <see cref="IncidentStep.Propose"/> is due, by an index of its own, in the same words.</summary>
    public static IQueryable<Incident> ProposalsDue(this IQueryable<Incident> incidents, DateTimeOffset now) => incidents
        .Where(incident => incident.ResolvedAt == null && incident.AnalyzedRevision > 0
            && (incident.ProposedRevision == null || incident.ProposedRevision < incident.AnalyzedRevision))
        .Where(incident => incident.ProposeAt == null || incident.ProposeAt <= now);

    /// <summary>Those whose message may be redrawn, whether it is driven or not: a first one waits for its analysis, but not for ever.</summary>
    public static IQueryable<Incident> Drawable(this IQueryable<Incident> incidents, DateTimeOffset now)
    {
        var alone = now - AloneAfter;
        return incidents.Where(IsUndrawn).Where(incident => incident.AnalyzedRevision > 0 || incident.OpenedAt <= alone);
    }

    /// <summary>When an incident that made progress at <paramref name="now"/> is looked at again. What has no message yet waits no longer for its progress.</summary>
    /// <param name="incident">As it was before.</param>
    /// <param name="now">When it made progress.</param>
    public static DateTimeOffset LookAgain(Incident incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return incident is { DrawnVersion: 0, Drives: 0 } ? incident.DriveAt : now + StalledAfter;
    }

    /// <summary>The same of the row as it is when it is written.</summary>
    public static Expression<Func<Incident, DateTimeOffset>> LookAgain(DateTimeOffset now)
    {
        var later = now + StalledAfter;
        return incident => incident.DrawnVersion == 0 && incident.Drives == 0 ? incident.DriveAt : later;
    }

    /// <summary>
    /// When an incident that is driven at <paramref name="now"/> is driven again without progress: after twice as long each time, up to 32 minutes. A drive
    /// before its first message may be drawn from the alert alone is none yet: it must not put that off.
    /// </summary>
    public static (DateTimeOffset DriveAt, int Drives) AfterDrive(Incident incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var alone = incident.OpenedAt + AloneAfter;
        return incident.DrawnVersion == 0 && now < alone
            ? (alone, incident.Drives)
            : (now + Backoff.After(incident.Drives, StalledAfter, LongestWait), incident.Drives + 1);
    }

    // Of one that is over nothing is asked any more.
    private static DateTimeOffset? BetterAt(Incident incident) =>
        incident.ResolvedAt is null ? new[] { incident.ReviewAt, incident.EvidenceRetryAt, incident.ModelRetryAt }.Min() : null;
}
