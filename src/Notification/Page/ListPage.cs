using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;
using Microsoft.AspNetCore.Html;

namespace AlertResponder.Notification.Page;

/// <summary>The incidents: open ones, then those that are over.</summary>
internal static class ListPage
{
    /// <summary>How long what was not taken stands above the incidents.</summary>
    public static readonly TimeSpan RefusalsShownFor = TimeSpan.FromDays(1);

    /// <summary>So many of it.</summary>
    public const int MostRefusals = 20;

    /// <param name="list">The incidents.</param>
    /// <param name="refusals">What was not taken.</param>
    /// <param name="alarm">Why people do not hear of them elsewhere; null while they do.</param>
    public static IHtmlContent Render(IncidentList list, IReadOnlyList<WebhookRefusal> refusals, string? alarm)
    {
        var open = list.Rows.Where(row => row.Incident.ResolvedAt is null).ToList();
        var past = list.Rows.Where(row => row.Incident.ResolvedAt is not null).ToList();
        return Layout.Page("Incidents", "/events", Html.Of(
            $"""
            <h1>Incidents</h1>
            <div id="alarm" role="alert" data-live>{(alarm is null ? Html.Nothing : Html.Of($"<p class=\"alarm\">⚠️ {alarm}</p>"))}</div>
            {Refused(refusals)}
            {(list.Continued && open.Count == 0 ? Html.Nothing : Section("open", "Open", open, "Nothing is wrong that Alertmanager has told of."))}
            {Section("past", "Resolved", past, "None here.")}
            <nav aria-label="Pages">{(list.Continued ? Html.Of($"<a href=\"/\">Newest</a> ") : Html.Nothing)}{(list.Next is { } next ? Html.Of($"<a href=\"/?after={next}\" rel=\"next\">Older</a>") : Html.Nothing)}</nav>
            """));
    }

    private static IHtmlContent Section(string id, string title, List<IncidentRow> rows, string none) => Html.Of(
        $"""
        <section id="{id}" aria-labelledby="{id}-title" data-live>
        <h2 id="{id}-title">{title}</h2>
        {(rows.Count == 0 ? Html.Of($"<p class=\"quiet\">{none}</p>") : Html.Of($"<ul class=\"plain\">{Html.All(rows.Select(Row))}</ul>"))}
        </section>
        """);

    // Always there: an element that is live is replaced, not added.
    private static IHtmlContent Refused(IReadOnlyList<WebhookRefusal> refusals) => Html.Of(
        $"""
        <section id="refused" aria-label="Not taken" data-live>
        {(refusals.Count == 0 ? Html.Nothing : Html.Of($"<h2>Not taken in the last 24 hours</h2><ul class=\"plain\">{Html.All(refusals.Select(Refused))}</ul>"))}
        </section>
        """);

    private static IHtmlContent Refused(WebhookRefusal refusal) => Html.Of(
        $"""
        <li><article class="card row warning">
        <h3>{RefusalNote.What(refusal)}</h3>
        <p>{RefusalNote.Detail(refusal)}</p>
        <p class="quiet">last {Html.Time(refusal.LastAt)} · {refusal.Count} in all</p>
        </article></li>
        """);

    private static IHtmlContent Row(IncidentRow row)
    {
        var card = IncidentCard.Draw(row.Incident);
        return Html.Of(
            $"""
            <li><article class="card row {CardHtml.Tone(card)}">
            <h3><a href="/incidents/{card.IncidentId:D}">{card.Title}</a></h3>
            {Cause(card)}
            <p class="quiet"><span class="state">{CardHtml.State(card)}</span> · opened {Html.Time(row.Incident.OpenedAt)} · {row.Alerts} {(row.Alerts == 1 ? "alert" : "alerts")}{(row.Incident.Analysis is null ? " · not analysed yet" : "")}</p>
            </article></li>
            """);
    }

    private static IHtmlContent Cause(Card card) =>
        card.Headline.Length > card.Title.Length ? Html.Of($"<p>{card.Headline[(card.Title.Length + 2)..]}</p>") : Html.Nothing;
}
