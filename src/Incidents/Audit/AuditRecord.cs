namespace AlertResponder.Incidents.Audit;

/// <summary>Something that happened and must stay known. Texts are redacted by who makes it.</summary>
/// <param name="Id">Derived from what happened: recorded once, however often it is told.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Step">What.</param>
/// <param name="IncidentId">The incident.</param>
/// <param name="ProposalId">The proposal.</param>
/// <param name="Actor">Who: a Slack user id, or <c>alert-responder</c> for what it does by itself.</param>
/// <param name="Channel">How it came: <c>slack</c>, <c>socket-mode</c>; null for what nobody asked for.</param>
/// <param name="Action">Name from the catalogue.</param>
/// <param name="Target">The object, such as <c>CronJob/cardboard/price-scraper</c>.</param>
/// <param name="Reason">Why; null when there is nothing to say.</param>
/// <param name="Before">What was; null where nothing changed.</param>
/// <param name="After">What is; null where nothing changed.</param>
public sealed record AuditRecord(
    Guid Id,
    DateTimeOffset At,
    AuditStep Step,
    Guid IncidentId,
    Guid ProposalId,
    string Actor,
    string? Channel,
    string Action,
    string Target,
    string? Reason = null,
    string? Before = null,
    string? After = null);
