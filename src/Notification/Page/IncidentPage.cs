using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;
using Microsoft.AspNetCore.Html;

namespace AlertResponder.Notification.Page;

/// <summary>One incident: its card, then all that is known. Evidence has an anchor by its id, and findings link to it.</summary>
internal static class IncidentPage
{
    private const int MaxLine = 500;
    private const int MaxText = 70_000;
    private const int MaxAlerts = 200;

    /// <param name="incident">What is drawn.</param>
    /// <param name="next">What it owes, for whoever wonders what it waits for.</param>
    public static IHtmlContent Render(IncidentSnapshot incident, NextStep next)
    {
        var card = IncidentCard.Draw(incident);
        return Layout.Page(card.Title, $"/incidents/{incident.Id:D}/events", Html.Of(
            $"""
            <p><a href="/">All incidents</a></p>
            <article id="card" class="card {CardHtml.Tone(card)}" data-live>
            <p class="state">{CardHtml.State(card)}</p>
            <h1>{card.Title}</h1>
            {CardHtml.Parts(card)}
            </article>
            {Next(next)}
            {Section("proposals", "Proposals", Proposals(incident))}
            {Section("findings", "Findings", Findings(incident))}
            {Section("evidence", "Evidence", Evidence(incident))}
            {Section("unread", "Could not be read", Unread(incident))}
            {Section("alerts", "Alerts", Alerts(incident))}
            {Section("commands", "Commands", Commands(incident))}
            """));
    }

    private static IHtmlContent Next(NextStep next) => Html.Of(
        $"""
        <p id="next" class="quiet" data-live>{Awaited(next.Step)}{(next.At is { } at ? Html.Of($", looked at again {Html.Time(at)}") : Html.Nothing)}</p>
        """);

    private static string Awaited(IncidentStep step) => step switch
    {
        IncidentStep.Enrich => "Waits for its evidence",
        IncidentStep.Analyse => "Waits for its analysis",
        IncidentStep.Redraw => "Waits for its message",
        IncidentStep.Propose => "Waits for proposals",
        IncidentStep.Verify => "Waits for what a proposal comes to",
        _ => "Waits for nothing",
    };

    // Even when it is empty: what appears later replaces it.
    private static IHtmlContent Section(string id, string title, IReadOnlyList<IHtmlContent> items) => items.Count == 0
        ? Html.Of($"<section id=\"{id}\" data-live hidden></section>")
        : Html.Of(
            $"""
            <section id="{id}" aria-labelledby="{id}-title" data-live>
            <h2 id="{id}-title">{title}</h2>
            <ul class="plain">{Html.All(items)}</ul>
            </section>
            """);

    // To be read: whoever may act does so in Slack, where it is known who they are.
    private static List<IHtmlContent> Proposals(IncidentSnapshot incident) =>
    [
        .. incident.Proposals.Where(proposal => proposal.Diff is not null).Select(proposal => Html.Of(
            $"""
            <li class="evidence"><p><strong>{ForeignText.Line(proposal.Title, MaxLine)}</strong> {proposal.State.ToString()}{(ForeignText.Line(proposal.Caution, MaxLine) is { Length: > 0 } caution ? Html.Of($" · {caution}") : Html.Nothing)}</p>
            <pre tabindex="0">{ForeignText.Block(proposal.Diff!, MaxText)}</pre></li>
            """)),
    ];

    private static List<IHtmlContent> Findings(IncidentSnapshot incident)
    {
        if (incident.Analysis is not { } analysis)
            return [];

        // Evidence ids mean something only within their own revision.
        var known = incident.Context is { } context && context.Revision == analysis.Revision
            ? context.Evidence.Select(evidence => evidence.Id).ToHashSet(StringComparer.Ordinal)
            : [];
        return
        [
            .. analysis.Diagnosis.Findings.Select(finding => Html.Of(
                $"<li>{ForeignText.Line(finding.Text, MaxLine)}{Html.All(finding.EvidenceIds.Distinct(StringComparer.Ordinal).Where(known.Contains).Select(id => Html.Of($" <a class=\"cite\" href=\"#{Anchor(id)}\">{id}</a>")))}</li>")),
        ];
    }

    private static List<IHtmlContent> Evidence(IncidentSnapshot incident) => incident.Context is not { } context
        ? []
        :
        [
            .. context.Evidence.DistinctBy(evidence => evidence.Id, StringComparer.Ordinal).Select(evidence => Html.Of(
                $"""
                <li id="{Anchor(evidence.Id)}" class="evidence"><p><span class="id">{evidence.Id}</span> <strong>{Label(evidence.Kind)}</strong> {ForeignText.Line(evidence.Source.ToString(), MaxLine)}{(evidence.Time is { } time ? Html.Of($" · {Html.Time(time)}") : Html.Nothing)}</p>
                <pre tabindex="0">{ForeignText.Block(evidence.Text, MaxText)}</pre></li>
                """)),
        ];

    private static List<IHtmlContent> Unread(IncidentSnapshot incident) => incident.Context is not { } context
        ? []
        :
        [
            .. context.Unread.Select(source => Html.Of($"<li>{ForeignText.Line(source.What, MaxLine)}: {ForeignText.Line(source.Reason, MaxLine)}</li>")),
            .. context.IsClusterAssumed ? [Html.Of($"<li>whether the connected cluster is {ForeignText.Line(context.Subject.Cluster, MaxLine)}: Kubernetes:ClusterName is not set</li>")] : Array.Empty<IHtmlContent>(),
        ];

    private static List<IHtmlContent> Alerts(IncidentSnapshot incident)
    {
        List<IHtmlContent> alerts = [.. incident.Alerts.OrderBy(alert => alert.Alert.Status == AlertStatus.Firing ? 0 : 1).Take(MaxAlerts).Select(Alert)];
        var left = incident.AlertCounts.Sum(count => count.Firing + count.Resolved) - alerts.Count;
        if (left > 0)
            alerts.Add(Html.Of($"<li>and {left} more</li>"));
        return alerts;
    }

    private static IHtmlContent Alert(IncidentAlertSnapshot snapshot)
    {
        var alert = snapshot.Alert;
        var labels = alert.Labels.Where(label => label.Key != "alertname").OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => Html.Of($"<span class=\"label\">{ForeignText.Line(label.Key, MaxLine)}={ForeignText.Line(label.Value, MaxLine)}</span> "));
        return Html.Of(
            $"""
            <li><p><strong>{ForeignText.Line(alert.Name(), MaxLine)}</strong> {(alert.Status == AlertStatus.Firing ? "firing" : "resolved")} · since {Html.Time(alert.StartsAt)}{(alert.EndsAt is { } end ? Html.Of($" · ended {Html.Time(end)}") : Html.Nothing)}</p>
            <p class="quiet">{Html.All(labels)}</p></li>
            """);
    }

    private static List<IHtmlContent> Commands(IncidentSnapshot incident) => incident.Analysis is not { } analysis
        ? []
        :
        [
            .. analysis.Commands.Select(command => ForeignText.Line(command, MaxLine)).Where(command => command.Length > 0)
                .Select(command => Html.Of($"<li class=\"command\"><code>{command}</code><button type=\"button\" data-copy>Copy</button></li>")),
        ];

    private static string Anchor(string evidenceId) => $"evidence-{evidenceId}";

    private static string Label(EvidenceKind kind) => kind switch
    {
        EvidenceKind.PreviousLog => "Previous log",
        EvidenceKind.NetworkPolicy => "Network policy",
        EvidenceKind.DisruptionBudget => "Disruption budget",
        _ => kind.ToString(),
    };
}
