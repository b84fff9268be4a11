using AlertResponder.Incidents;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AlertResponder.Tests.Unit.Incidents;

/// <summary>A store in a folder of its own, registered and migrated as the application does it.</summary>
internal sealed class TemporaryStore : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("incidents-");
    private readonly ServiceProvider provider;

    private TemporaryStore()
    {
        ConnectionString = $"Data Source={Path.Combine(folder.FullName, "test.db")}";
        provider = Provider(ConnectionString);
    }

    public string ConnectionString { get; }

    public string Folder => folder.FullName;

    public string File => new SqliteConnectionStringBuilder(ConnectionString).DataSource;

    /// <summary>An empty store with its schema.</summary>
    public static async Task<TemporaryStore> CreateAsync()
    {
        var store = CreateWithoutSchema();
        await store.MigrateAsync();
        return store;
    }

    /// <summary>A file that does not exist yet.</summary>
    public static TemporaryStore CreateWithoutSchema() => new();

    /// <summary>What an application with this connection string has.</summary>
    public static ServiceProvider Provider(string connectionString)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Incidents", (string?)connectionString)])
            .Build();
        return new ServiceCollection().AddLogging().AddIncidents(configuration).BuildServiceProvider();
    }

    /// <summary>Brings the schema up to date, as a start of the application does.</summary>
    public Task MigrateAsync() => MigrateAsync(provider);

    public static async Task MigrateAsync(IServiceProvider provider)
    {
        foreach (var service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(TestContext.Current.CancellationToken);
        }
    }

    public IServiceScopeFactory Scopes => provider.GetRequiredService<IServiceScopeFactory>();

    /// <summary>A context of one's own, as every scope of the application has.</summary>
    public StoreScope Open() => new(provider.CreateAsyncScope());

    /// <summary>Changes the store.</summary>
    public async Task ChangeAsync(Func<IncidentsContext, Task> change)
    {
        await using var scope = Open();
        await change(scope.Context);
        await scope.Context.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks the store.</summary>
    public async Task<T> ReadAsync<T>(Func<IncidentsContext, Task<T>> read)
    {
        await using var scope = Open();
        return await read(scope.Context);
    }

    public Task<Incident> IncidentAsync(Guid id) =>
        ReadAsync(context => context.Incidents.AsNoTracking().SingleAsync(incident => incident.Id == id, TestContext.Current.CancellationToken));

    public Task<Incident[]> IncidentsAsync() =>
        ReadAsync(context => context.Incidents.AsNoTracking().OrderBy(incident => incident.OpenedAt).ToArrayAsync(TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await using (var connection = new SqliteConnection(ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        folder.Delete(recursive: true);
    }

    internal sealed class StoreScope(AsyncServiceScope scope) : IAsyncDisposable
    {
        public IncidentsContext Context { get; } = scope.ServiceProvider.GetRequiredService<IncidentsContext>();

        public ValueTask DisposeAsync() => scope.DisposeAsync();
    }
}
