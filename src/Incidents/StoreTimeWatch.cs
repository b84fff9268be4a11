using AlertResponder.Incidents.Sqlite;
using AlertResponder.Incidents.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Incidents;

/// <summary>Keeps <see cref="StoreTime"/> true while clocks drift and are set; the first look is the migration's, before anything is claimed.</summary>
internal sealed class StoreTimeWatch(IServiceScopeFactory scopes, StoreTime storeTime, TimeProvider time, ILogger<StoreTimeWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using (var scope = scopes.CreateAsyncScope())
        {
            if (scope.ServiceProvider.GetRequiredService<IncidentsContext>() is SqliteIncidentsContext)
            {
                return;
            }
        }

        await Task.Delay(Interval, time, stoppingToken);
        await new WorkRounds(scopes, time, logger).RepeatAsync("store clock", Interval, new WakeUp(), MeasureAsync, stoppingToken);
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await storeTime.MeasureAsync(scope.ServiceProvider.GetRequiredService<IncidentsContext>(), cancellationToken);
    }
}
