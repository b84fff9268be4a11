using AlertResponder.Incidents;
using AlertResponder.Tests.EndToEnd.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Processes on machines whose clocks differ, before one PostgreSQL.</summary>
public sealed class StoreTimeTests(SharedServers servers)
{
    // Of a claim that lasts 40 s for a drawing of 30 s, ten are left.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_ClocksAMinuteApart_ClaimsAreByTheDatabasesClockInBoth()
    {
        var server = await servers.PostgresAsync();
        var database = await server.CreateDatabaseAsync(cancellationToken: Cancel);
        var (ahead, behind) = (new ShiftedTime(TimeSpan.FromSeconds(60)), new ShiftedTime(TimeSpan.FromSeconds(-60)));
        await using var first = await StartAsync(database, ahead);
        await using var second = await StartAsync(database, behind);
        (ahead.GetUtcNow() - behind.GetUtcNow()).ShouldBeGreaterThan(TimeSpan.FromSeconds(110));

        var (firstTime, secondTime) = (StoreTimeOf(first), StoreTimeOf(second));

        (firstTime.GetUtcNow() - secondTime.GetUtcNow()).Duration().ShouldBeLessThan(Margin);
        (firstTime.GetUtcNow() - TimeProvider.System.GetUtcNow()).Duration().ShouldBeLessThan(Margin, "the database is on this machine");
    }

    private static TimeProvider StoreTimeOf(IServiceProvider process) => process.GetRequiredKeyedService<TimeProvider>(StoreTime.Key);

    private static async Task<ServiceProvider> StartAsync(string database, TimeProvider time)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Incidents", (string?)database)]).Build();
        var provider = new ServiceCollection().AddLogging().AddSingleton(time).AddIncidents(configuration).BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
            await service.StartingAsync(Cancel);
        return provider;
    }

    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
