using AlertResponder.Notification.Cards;
using Microsoft.AspNetCore.Html;

namespace AlertResponder.Notification.Page;

/// <summary>The incidents: open ones, then those that are over.</summary>
internal static class ListPage
{
    /// <param name="list">The incidents.</param>
    /// <param name="alarm">Why people do not hear of them elsewhere; null while they do.</param>
    public static IHtmlContent Render(IncidentList list, string? alarm)
    {
        var open = list.Rows.Where(row => row.Incident.ResolvedAt is null).ToList();
        var past = list.Rows.Where(row => row.Incident.ResolvedAt is not null).ToList();
        return Layout.Page("Incidents", "/events", Html.Of(
            $"""
            <h1>Incidents</h1>
            <div id="alarm" role="alert" data-live>{(alarm is null ? Html.Nothing : Html.Of($"<p class=\"alarm\">⚠️ {alarm}</p>"))}</div>
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
