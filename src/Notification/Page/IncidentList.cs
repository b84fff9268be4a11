using System.Globalization;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Notification.Page;

/// <summary>A page of the list.</summary>
/// <param name="Rows">Open ones first, the newest first; then the resolved ones, the last resolved first.</param>
/// <param name="Continued">Whether there is a page before it.</param>
/// <param name="Next">The cursor of the page after it; null on the last one.</param>
internal sealed record IncidentList(IReadOnlyList<IncidentRow> Rows, bool Continued, string? Next)
{
    private const int PageSize = 50;

    // Of each that is open: what fires says whether the diagnosis still holds, or what it is as long as there is none.
    private const int MaxFiring = 20;
    private const int MaxResolved = 5;

    /// <param name="store">The store.</param>
    /// <param name="after">The cursor; one that is none begins at the top.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IncidentList> ReadAsync(IncidentsContext store, string? after, CancellationToken cancellationToken)
    {
        var cursor = Cursor.Parse(after);
        List<Line> lines = [];
        if (cursor is not { Resolved: true })
        {
            var open = store.Incidents.AsNoTracking().Where(i => i.ResolvedAt == null);
            if (cursor is not null)
                open = open.Where(i => i.OpenedAt < cursor.Time || (i.OpenedAt == cursor.Time && i.Id < cursor.Id));
            lines = await Lines(open.OrderByDescending(i => i.OpenedAt).ThenByDescending(i => i.Id)).ToListAsync(cancellationToken);
        }

        if (lines.Count <= PageSize)
        {
            var past = store.Incidents.AsNoTracking().Where(i => i.ResolvedAt != null);
            if (cursor is { Resolved: true })
                past = past.Where(i => i.ResolvedAt < cursor.Time || (i.ResolvedAt == cursor.Time && i.Id < cursor.Id));
            lines.AddRange(await Lines(past.OrderByDescending(i => i.ResolvedAt).ThenByDescending(i => i.Id)).ToListAsync(cancellationToken));
        }

        var shown = lines.Take(PageSize).ToList();
        var next = lines.Count > PageSize ? Cursor.Of(shown[^1]).ToString() : null;
        return new IncidentList(await RowsAsync(store, shown, cancellationToken), cursor is not null, next);
    }

    private static IQueryable<Line> Lines(IQueryable<Incident> incidents) => incidents.Take(PageSize + 1).Select(i => new Line(
        i.Id, i.SubjectKind, i.SubjectNamespace, i.SubjectName, i.Revision, i.Version, i.OpenedAt, i.ResolvedAt, i.Reopened, i.AnalysisJson, i.ContinuedIn));

    private static async Task<IReadOnlyList<IncidentRow>> RowsAsync(IncidentsContext store, List<Line> lines, CancellationToken cancellationToken)
    {
        var ids = lines.ConvertAll(line => (Guid?)line.Id);
        var counts = await store.Alerts.Where(a => ids.Contains(a.IncidentId)).GroupBy(a => a.IncidentId)
            .Select(same => new { Id = same.Key, Count = same.Count() }).ToDictionaryAsync(same => same.Id!.Value, same => same.Count, cancellationToken);
        var nexts = lines.Where(line => line.ContinuedIn is not null).Select(line => line.ContinuedIn!.Value).ToList();
        var subjects = nexts.Count == 0
            ? []
            : await store.Incidents.Where(i => nexts.Contains(i.Id)).WithoutJson().ToDictionaryAsync(i => i.Id, i => i.Subject(), cancellationToken);
        List<IncidentRow> rows = [];
        foreach (var line in lines)
        {
            var alerts = line.ResolvedAt is null || line.AnalysisJson is null ? await store.ReadAlertsAsync(line.Id, MaxFiring, MaxResolved, cancellationToken) : [];
            var snapshot = new IncidentSnapshot(
                line.Id,
                line.Subject(),
                line.Revision,
                line.Version,
                line.OpenedAt,
                line.ResolvedAt,
                line.Reopened,
                ExternalUrl: null,
                [.. alerts.Select(alert => new IncidentAlertSnapshot(alert.ToAlert(), alert.Repeats))],
                await DoubtfulContextAsync(store, line, alerts, cancellationToken),
                line.Analysis(),
                [])
            {
                ContinuedIn = line.ContinuedIn is { } next ? subjects.GetValueOrDefault(next) : null,
            };
            rows.Add(new IncidentRow(snapshot, counts.GetValueOrDefault(line.Id)));
        }

        return rows;
    }

    // Evidence is large: it is read only where it decides whether the diagnosis knew what is over.
    private static async Task<ContextEnriched?> DoubtfulContextAsync(IncidentsContext store, Line line, IReadOnlyList<IncidentAlert> alerts, CancellationToken cancellationToken) =>
        line.Analysis() is { } analysis && StandingAlerts.IsAboutWhatIsOver(analysis, context: null, line.Subject(), [.. alerts.Select(alert => alert.ToAlert())])
        && StoredJson.TryRead<ContextEnriched>(await store.Incidents.Where(i => i.Id == line.Id).Select(i => i.ContextJson).SingleOrDefaultAsync(cancellationToken)) is { } context
            ? context with { Evidence = [] }
            : null;

    private sealed record Line(
        Guid Id,
        string SubjectKind,
        string? SubjectNamespace,
        string SubjectName,
        int Revision,
        int Version,
        DateTimeOffset OpenedAt,
        DateTimeOffset? ResolvedAt,
        int Reopened,
        string? AnalysisJson,
        Guid? ContinuedIn)
    {
        public Subject Subject() => new(SubjectKind, SubjectNamespace, SubjectName);

        public AnalysisCompleted? Analysis() => StoredJson.TryRead<AnalysisCompleted>(AnalysisJson);
    }

    /// <summary>The last line of a page, by what the list is ordered by.</summary>
    private sealed record Cursor(bool Resolved, DateTimeOffset Time, Guid Id)
    {
        public static Cursor Of(Line line) => new(line.ResolvedAt is not null, line.ResolvedAt ?? line.OpenedAt, line.Id);

        public static Cursor? Parse(string? text) =>
            text?.Split('.') is ["open" or "resolved", var ticks, var id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time <= DateTimeOffset.MaxValue.Ticks
            && Guid.TryParseExact(id, "N", out var guid)
                ? new Cursor(text.StartsWith("resolved.", StringComparison.Ordinal), new DateTimeOffset(time, TimeSpan.Zero), guid)
                : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Resolved ? "resolved" : "open")}.{Time.UtcTicks}.{Id:N}");
    }
}

/// <summary>A line of the list.</summary>
/// <param name="Incident">What its card's title and cause are drawn from; without evidence.</param>
/// <param name="Alerts">How many alerts it has.</param>
internal sealed record IncidentRow(IncidentSnapshot Incident, int Alerts);
