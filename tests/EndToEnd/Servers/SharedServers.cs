using AlertResponder.Tests.EndToEnd.Servers;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>
/// One RabbitMQ and one PostgreSQL for the whole test run, started when the first test asks. A test takes its own virtual
/// host and database there; one that stops or kills a server starts its own.
/// </summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly Lazy<Task<RabbitMqServer>> rabbitMq = new(() => RabbitMqServer.StartNewAsync());
    private readonly Lazy<Task<PostgresServer>> postgres = new(() => PostgresServer.StartNewAsync());

    public Task<RabbitMqServer> RabbitMqAsync() => rabbitMq.Value;

    public Task<PostgresServer> PostgresAsync() => postgres.Value;

    public async ValueTask DisposeAsync()
    {
        if (rabbitMq is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await rabbitMq.Value).DisposeAsync();
        if (postgres is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await postgres.Value).DisposeAsync();
    }
}
