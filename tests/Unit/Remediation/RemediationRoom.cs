using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Sqlite;
using AlertResponder.Remediation;
using AlertResponder.Remediation.Execution;
using AlertResponder.Remediation.Policy;
using AlertResponder.Remediation.Proposals;
using AlertResponder.Remediation.Verification;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Incidents;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AlertResponder.Tests.Unit.Remediation;

/// <summary>Remediation as it is registered, before a store and a cluster of its own.</summary>
internal sealed class RemediationRoom : IAsyncDisposable
{
    /// <summary>May approve everything.</summary>
    public const string Approver = "U0APPROVER";

    /// <summary>May, too.</summary>
    public const string Second = "U0SECOND";

    private readonly ServiceProvider provider;
    private readonly HttpClient http = new();
    private int clicks;

    private readonly IBusControl bus = Bus.Factory.CreateUsingInMemory(_ => { });

    private RemediationRoom(TemporaryStore store, ClusterSimulator cluster, string? token, IInterceptor? interceptor, (string Key, string? Value)[] settings)
    {
        (Store, Cluster) = (store, cluster);
        http.BaseAddress = cluster.Address;
        http.DefaultRequestHeaders.Authorization = new("Bearer", "admin");
        var kubeconfig = Path.Combine(store.Folder, "kubeconfig");
        cluster.WriteKubeconfig(kubeconfig, token);
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Incidents"] = store.ConnectionString,
            ["KUBECONFIG"] = kubeconfig,
            ["Remediation:Enabled"] = "true",
            ["Remediation:Namespaces:0"] = "shop",
            ["Remediation:Nodes"] = "true",
            ["Remediation:Approvers:0"] = Approver,
            ["Remediation:Approvers:1"] = Second,
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all.Where(setting => setting.Value is not null)).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Time).AddSingleton<IBus>(bus);
        services.AddIncidents(configuration).AddRemediation(configuration);
        if (interceptor is not null)
        {
            services.ConfigureDbContext<SqliteIncidentsContext>(options => options.AddInterceptors(interceptor));
        }

        provider = services.BuildServiceProvider();
    }

    public TemporaryStore Store { get; }

    public ClusterSimulator Cluster { get; }

    public RoomTime Time { get; } = new();

    public IServiceProvider Services => provider;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RemediationRoom> StartAsync(
        string manifests = Shop.Manifests,
        string? token = null,
        IInterceptor? interceptor = null,
        params (string Key, string? Value)[] settings)
    {
        var store = await TemporaryStore.CreateAsync();
        var cluster = await ClusterSimulator.StartAsync(manifests, "admin", cancellationToken: Cancellation);
        if (token is not null)
        {
            cluster.AddUser(token, "system:serviceaccount:ops:remediation");
        }

        var room = new RemediationRoom(store, cluster, token, interceptor, settings);
        await room.bus.StartAsync(Cancellation);
        return room;
    }

    /// <summary>An incident that is analysed.</summary>
    public async Task<Guid> IncidentAsync(Subject subject, IReadOnlyList<SuggestedAction> actions, IReadOnlyList<Evidence>? evidence = null, Severity severity = Severity.Critical)
    {
        var incident = Samples.Incident(subject);
        incident.AnalyzedRevision = incident.EnrichedRevision = 1;
        incident.MessageChannel = "C0INCIDENTS";
        incident.ContextJson = StoredJson.Write(new ContextEnriched(incident.Id, 1, subject, [], evidence ?? [], [], Samples.Start));
        incident.AnalysisJson = StoredJson.Write(Samples.Analysis(incident.Id) with
        {
            SuggestedActions = actions,
            Diagnosis = new Diagnosis("sick", "", severity, Confidence.High, []),
        });
        await Store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });
        return incident.Id;
    }

    /// <summary>An incident with the proposals that its actions become.</summary>
    public async Task<(Guid IncidentId, Proposal[] Proposals)> OfferedAsync(Subject subject, params SuggestedAction[] actions)
    {
        var id = await IncidentAsync(subject, actions, Shop.Evidence);
        await ProposeAsync(id);
        return (id, await ProposalsAsync(id));
    }

    public async Task<RemediationProposed?> ProposeAsync(Guid incidentId)
    {
        await using var scope = provider.CreateAsyncScope();
        return (RemediationProposed?)(await scope.ServiceProvider.GetRequiredService<ProposalDesk>().ProposeAsync(incidentId, Cancellation))?.Message;
    }

    /// <summary>One delivery of a request.</summary>
    public async Task<IReadOnlyList<Emission>> DeliverAsync(RemediationRequested request)
    {
        await using var scope = provider.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<RemediationDesk>().AnswerAsync(request, Cancellation);
    }

    /// <summary>A click and what it came to.</summary>
    public async Task<RemediationCompleted> ClickAsync(Proposal proposal, RemediationVerb verb = RemediationVerb.Execute, string person = Approver) =>
        (await DeliverAsync(Click(proposal, verb, person))).Select(emission => emission.Message).OfType<RemediationCompleted>().ShouldHaveSingleItem();

    /// <summary>A click of its own: no two are at the same time.</summary>
    public RemediationRequested Click(Proposal proposal, RemediationVerb verb = RemediationVerb.Execute, string person = Approver) => new(
        proposal.IncidentId, proposal.Id, verb, person, Samples.Start.AddTicks(Interlocked.Increment(ref clicks) * 10), "slack", "C0INCIDENTS");

    /// <summary>Lets the watch look once, so much later.</summary>
    public async Task LookAsync(TimeSpan later)
    {
        Time.Advance(later);
        await provider.GetServices<IHostedService>().OfType<ProposalWatch>().Single().LookAsync(Cancellation);
    }

    /// <summary>Lets a time pass, in which the watch looks every half minute, or less often.</summary>
    public async Task LookForAsync(TimeSpan time, TimeSpan? step = null)
    {
        var interval = step ?? TimeSpan.FromSeconds(30);
        for (var passed = TimeSpan.Zero; passed < time; passed += interval)
        {
            await LookAsync(interval);
        }
    }

    /// <summary>All alerts of the incident resolve.</summary>
    public Task ResolveAsync(Guid incidentId) => Store.ChangeAsync(async context =>
        (await context.Incidents.SingleAsync(incident => incident.Id == incidentId, Cancellation)).ResolvedAt = Time.GetUtcNow());

    public Task<Proposal[]> ProposalsAsync(Guid incidentId) => Store.ReadAsync(context => context.Proposals.AsNoTracking()
        .Where(proposal => proposal.IncidentId == incidentId).OrderBy(proposal => proposal.CreatedAt).ThenBy(proposal => proposal.Position).ToArrayAsync(Cancellation));

    public Task<Proposal> ProposalAsync(Guid id) => Store.ReadAsync(context => context.Proposals.AsNoTracking().SingleAsync(proposal => proposal.Id == id, Cancellation));

    public async Task<IncidentSnapshot> SnapshotAsync(Guid incidentId) =>
        (await Store.ReadAsync(context => context.ReadSnapshotAsync(incidentId, Cancellation))).ShouldNotBeNull();

    /// <summary>An object of the cluster; null when there is none.</summary>
    public async Task<JsonObject?> ObjectAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return response.IsSuccessStatusCode ? (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))! : null;
    }

    /// <summary>Somebody else changes an object.</summary>
    public async Task ChangeAsync(string path, string mergePatch)
    {
        using var content = new StringContent(mergePatch, System.Text.Encoding.UTF8, "application/merge-patch+json");
        using var response = await http.PatchAsync(new Uri(path, UriKind.Relative), content, Cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The requests that would change the cluster, without dry runs and reviews.</summary>
    public IReadOnlyList<RecordedRequest> Writes() =>
    [
        .. Cluster.Requests.Where(request => request.Method != "GET"
            && !request.Path.Contains("/apis/authorization.k8s.io/", StringComparison.Ordinal)
            && !request.Query.ContainsKey("dryRun")
            && !request.Body.Contains("\"dryRun\":[\"All\"]", StringComparison.Ordinal)),
    ];

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await bus.StopAsync(CancellationToken.None);
        await provider.DisposeAsync();
        await Cluster.DisposeAsync();
        await Store.DisposeAsync();
    }
}
