using AlertResponder.Host.Callers;
using AlertResponder.Host.Roles;
using AlertResponder.Incidents;
using AlertResponder.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AlertResponder.Host.Health;

/// <summary><c>/status</c>, in every role, for people: how this process is, and what is open. Protected, since it shows incidents.</summary>
internal static class StatusEndpoint
{
    private const int MostIncidents = 50;
    private const int MostRefusals = 50;
    private static readonly TimeSpan RefusalsShownFor = TimeSpan.FromDays(1);

    public static void MapStatus(this WebApplication app, Role roles) =>
        app.MapGet("/status", async (
            HttpContext context, PageGuard guard, HealthCheckService health, IEnumerable<Upstream> upstreams, IncidentsContext store, [FromKeyedServices(StoreTime.Key)] TimeProvider time, CancellationToken cancellationToken) =>
        {
            if (guard.Refuse(context) is { } refusal)
            {
                return refusal;
            }

            var report = await health.CheckHealthAsync(cancellationToken);
            var answers = report.Entries[StoreHealthCheck.Name].Status == HealthStatus.Healthy;
            return Results.Ok(new Status(
                roles.ToString(),
                report.Texts(),
                [.. upstreams.OrderBy(u => u.Name, StringComparer.Ordinal).Select(u => new UpstreamStatus(u.Name, u.PausedUntil))],
                answers ? await StoreCounts.ReadAsync(store, cancellationToken) : null,
                answers ? [.. (await store.ReadNewestOpenAsync(MostIncidents, cancellationToken)).Select(Shown)] : [],
                answers ? [.. (await store.ReadRefusalsAsync(time.GetUtcNow() - RefusalsShownFor, MostRefusals, cancellationToken)).Select(Shown)] : []));
        });

    private static RefusalStatus Shown(WebhookRefusal refusal) => new(
        refusal.Sender, refusal.Reason.ToString(), refusal.Detail, refusal.Count, refusal.Untold, refusal.LastAt, refusal.ToldAt);

    private static IncidentStatus Shown(IncidentSummary incident) => new(
        incident.Id, incident.Subject.ToString(), incident.Severity?.ToString(), incident.OpenedAt, incident.Revision, incident.Reopened, incident.Cause);

    /// <param name="Roles">The stages of this process.</param>
    /// <param name="Checks">As of <c>/healthz/ready</c>.</param>
    /// <param name="Upstreams">Those that this process calls.</param>
    /// <param name="Counts">Of the store, which all processes share; null while it does not answer.</param>
    /// <param name="Incidents">The newest that are open.</param>
    /// <param name="Refusals">What the gateway did not take in the last 24 hours, by sender and reason.</param>
    private sealed record Status(
        string Roles,
        IReadOnlyDictionary<string, string> Checks,
        IReadOnlyList<UpstreamStatus> Upstreams,
        StoreCounts? Counts,
        IReadOnlyList<IncidentStatus> Incidents,
        IReadOnlyList<RefusalStatus> Refusals);

    private sealed record RefusalStatus(string Sender, string Reason, string Detail, long Count, long Untold, DateTimeOffset LastAt, DateTimeOffset? ToldAt);

    private sealed record UpstreamStatus(string Name, DateTimeOffset? PausedUntil);

    private sealed record IncidentStatus(Guid Id, string Subject, string? Severity, DateTimeOffset OpenedAt, int Revision, int Reopened, string? Cause);
}
