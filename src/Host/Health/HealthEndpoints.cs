using AlertResponder.Gateway;
using AlertResponder.Host.Roles;
using AlertResponder.Resilience;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AlertResponder.Host.Health;

/// <summary><c>/healthz/live</c>, <c>/healthz/ready</c> and <c>/status</c>, in every role.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app, Role roles)
    {
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { ResponseWriter = WriteReportAsync });
        app.MapGet("/status", (HttpContext context, IConfiguration configuration, IEnumerable<Upstream> upstreams) =>
            CallerAuthorization.Refusal(context, configuration["Page:Token"], "Page:Token") is { } refusal
                ? Results.Problem(refusal.Reason, statusCode: refusal.StatusCode)
                : Results.Ok(new Status(
                    roles.ToString(), [.. upstreams.OrderBy(u => u.Name, StringComparer.Ordinal).Select(u => new UpstreamStatus(u.Name, u.PausedUntil))])));
    }

    private static Task WriteReportAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new Readiness(
        report.Status.ToString(), report.Entries.ToDictionary(entry => entry.Key, entry => $"{entry.Value.Status} {entry.Value.Description}".TrimEnd(), StringComparer.Ordinal)));

    private sealed record Readiness(string Status, IReadOnlyDictionary<string, string> Checks);

    private sealed record Status(string Roles, IReadOnlyList<UpstreamStatus> Upstreams);

    private sealed record UpstreamStatus(string Name, DateTimeOffset? PausedUntil);
}
