using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AlertResponder.Host.Health;

/// <summary><c>/healthz/live</c> and <c>/healthz/ready</c>, in every role.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { ResponseWriter = WriteReportAsync });
    }

    /// <summary>Each check's status, with its description where it has one.</summary>
    public static IReadOnlyDictionary<string, string> Texts(this HealthReport report) =>
        report.Entries.ToDictionary(entry => entry.Key, entry => $"{entry.Value.Status} {entry.Value.Description}".TrimEnd(), StringComparer.Ordinal);

    private static Task WriteReportAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(new Readiness(report.Status.ToString(), report.Texts()));

    private sealed record Readiness(string Status, IReadOnlyDictionary<string, string> Checks);
}
