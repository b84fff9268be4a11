using AlertResponder.Incidents;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AlertResponder.Host.Health;

/// <summary>Whether the store answers.</summary>
internal sealed class StoreHealthCheck(IncidentsContext store) : IHealthCheck
{
    public const string Name = "store";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await store.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The store does not answer.");
}
