using AlertResponder.Contracts;
using AlertResponder.Enrichment;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Incidents;
using AlertResponder.Resilience;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>Enrichment as it is registered, before a store and a cluster of its own.</summary>
internal sealed class EnrichmentRoom : IAsyncDisposable
{
    private readonly ServiceProvider provider;

    private EnrichmentRoom(TemporaryStore store, ClusterSimulator cluster, TimeProvider time, bool withCluster, string? token, string? name)
    {
        (Store, Cluster, Time) = (store, cluster, time);
        var kubeconfig = Path.Combine(store.Folder, "kubeconfig");
        cluster.WriteKubeconfig(kubeconfig, token);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Incidents"] = store.ConnectionString,
            ["KUBECONFIG"] = kubeconfig,
            ["Kubernetes:ClusterName"] = name,
        }).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(time).AddIncidents(configuration).AddEnrichment(configuration, durableBus: false);
        if (!withCluster)
        {
            services.AddSingleton(services => new ClusterConnection(null, services.GetRequiredKeyedService<Upstream>(UpstreamNames.Kubernetes), services.GetRequiredService<TimeProvider>()));
        }

        provider = services.BuildServiceProvider();
    }

    public TemporaryStore Store { get; }

    public ClusterSimulator Cluster { get; }

    public TimeProvider Time { get; }

    public IServiceScopeFactory Scopes => provider.GetRequiredService<IServiceScopeFactory>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="story">What the cluster holds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="withCluster">Whether one is configured.</param>
    /// <param name="token">Of the cluster's user that enrichment is; null for one who may everything.</param>
    /// <param name="name">What the cluster is called; null when nobody has said.</param>
    public static async Task<EnrichmentRoom> StartAsync(Story? story = null, TimeProvider? time = null, bool withCluster = true, string? token = null, string? name = null)
    {
        var store = await TemporaryStore.CreateAsync();
        var cluster = await ClusterSimulator.StartAsync(story ?? new Story("", new Dictionary<string, string>()), "token", cancellationToken: Cancellation);
        return new EnrichmentRoom(store, cluster, time ?? TimeProvider.System, withCluster, token, name);
    }

    public static Task<EnrichmentRoom> StartAsync(string manifests) => StartAsync(new Story(manifests, new Dictionary<string, string>()));

    /// <summary>The reads of one incident.</summary>
    public ClusterReads Reads(CancellationTokenSource? deadline = null, bool fresh = false, string? of = null) =>
        new(provider.GetRequiredService<ClusterConnection>(), Time, deadline?.Token ?? CancellationToken.None, Cancellation, fresh, of);

    /// <summary>One delivery of an alert.</summary>
    public async Task<IReadOnlyList<Emission>> EnrichAsync(AlertReceived received)
    {
        await using var scope = provider.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Enricher>().EnrichAsync(received, Cancellation);
    }

    /// <summary>The watchdog's look at an incident of which an alert has resolved.</summary>
    public async Task<ContextEnriched?> ReviewAsync(Guid incidentId)
    {
        await using var scope = provider.CreateAsyncScope();
        var incident = await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents.Where(i => i.Id == incidentId).WithoutJson().SingleAsync(Cancellation);
        return await scope.ServiceProvider.GetRequiredService<Enricher>().ReviewAsync(incident, Cancellation);
    }

    /// <summary>The context that the first delivery of an alert makes.</summary>
    public async Task<ContextEnriched> ContextAsync(AlertReceived received) =>
        (await EnrichAsync(received)).Select(emission => emission.Message).OfType<ContextEnriched>().ShouldHaveSingleItem();

    /// <summary>What the watchdog has read again.</summary>
    public async Task<IReadOnlyList<Emission>> ReadAgainAsync(Guid incidentId)
    {
        await using var scope = provider.CreateAsyncScope();
        var incident = await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents.Where(i => i.Id == incidentId).WithoutJson().SingleAsync(Cancellation);
        return await scope.ServiceProvider.GetRequiredService<Enricher>().ReadAgainAsync(incident, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await Cluster.DisposeAsync();
        await Store.DisposeAsync();
    }
}
