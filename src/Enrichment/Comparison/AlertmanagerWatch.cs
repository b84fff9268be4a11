using AlertResponder.Contracts;
using AlertResponder.Resilience.Alertmanager;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>
/// Finds out what no webhook says, and sends it the way of a webhook's alerts: what <see cref="LateFirings"/> and the
/// <see cref="Comparer"/> come to. All from stored state; several processes do no harm.
/// </summary>
internal sealed partial class AlertmanagerWatch(
    IServiceScopeFactory scopes, IBus bus, IOptions<AlertmanagerOptions> options, TimeProvider time, ILogger<AlertmanagerWatch> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ComparisonMetrics.Begin();
        var interval = options.Value.CompareInterval();
        var compareAt = time.GetUtcNow() + interval;
        using var timer = new PeriodicTimer(PollInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await PublishAsync(services => services.GetRequiredService<LateFirings>().LookAsync(stoppingToken), stoppingToken);
            if (interval > TimeSpan.Zero && time.GetUtcNow() >= compareAt)
            {
                compareAt = time.GetUtcNow() + interval;
                await PublishAsync(services => services.GetRequiredService<Comparer>().CompareAsync(stoppingToken), stoppingToken);
            }
        }
    }

    // What is lost between here and its correlation is found again: by the row's lease, or by the next comparison.
    private async Task PublishAsync(Func<IServiceProvider, IAsyncEnumerable<AlertReceived>> look, CancellationToken stoppingToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await foreach (var received in look(scope.ServiceProvider))
            {
                await bus.Publish(received, context => context.MessageId = MessageIds.For(received.Alert), stoppingToken);
            }
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "What no webhook says could not be found out; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
