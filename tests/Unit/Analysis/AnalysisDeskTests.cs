using AlertResponder.Analysis;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Tests.Unit.Enrichment;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class AnalysisDeskTests : IAsyncLifetime
{
    private const string Answer = """
        {"cause":"scraper was OOMKilled: it needs more than its 256Mi memory limit","explanation":"The kernel killed scraper at its 256Mi memory limit.",
         "severity":"critical","confidence":"high","evidence":["e3"],"actions":[],"commands":[]}
        """;

    private readonly FastTime time = new();
    private readonly Incident incident = Samples.Incident();
    private TemporaryStore store = null!;
    private BedrockSimulator bedrock = null!;
    private ServiceProvider provider = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ContextEnriched Context => Given.PriceScraper() with { IncidentId = incident.Id, Revision = 1 };

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        bedrock = await BedrockSimulator.StartAsync("AKIDEXAMPLE", "wJalrXUtnFEMI", "us-east-1", cancellationToken: Cancellation);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Incidents"] = store.ConnectionString,
            ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
            ["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI",
            ["Bedrock:Region"] = "us-east-1",
            ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = bedrock.Address.AbsoluteUri,
        }).Build();
        provider = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddIncidents(configuration).AddAnalysis(configuration).BuildServiceProvider();
        incident.EnrichedRevision = 1;
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await bedrock.DisposeAsync();
        await store.DisposeAsync();
        bedrock.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Analyze_NewRevision_RecordsWhatItEmits()
    {
        bedrock.Enqueue(Answer);

        var analysis = (await AnalyzeAsync(Context)).ShouldNotBeNull();

        analysis.Origin.ShouldBe(AnalysisOrigin.Model, analysis.ModelUnavailable);
        var recorded = await store.IncidentAsync(incident.Id);
        (recorded.AnalyzedRevision, recorded.Version, recorded.ModelRetryAt).ShouldBe((1, 2, null));
        recorded.AnalysisJson.ShouldBe(StoredJson.Write(analysis));
    }

    [Fact]
    public async Task Analyze_Redelivered_EmitsTheRecordAndAsksNoModel()
    {
        bedrock.Enqueue(Answer);
        var first = await AnalyzeAsync(Context);

        var again = await AnalyzeAsync(Context);

        StoredJson.Write(again).ShouldBe(StoredJson.Write(first));
        (bedrock.Requests.Count, (await store.IncidentAsync(incident.Id)).Version).ShouldBe((1, 2));
    }

    [Fact]
    public async Task Analyze_SupersededRevision_IsIgnored()
    {
        bedrock.Enqueue(Answer);
        await AnalyzeAsync(Context with { Revision = 2 });

        (await AnalyzeAsync(Context)).ShouldBeNull();

        var recorded = await store.IncidentAsync(incident.Id);
        (recorded.AnalyzedRevision, recorded.Version, bedrock.Requests.Count).ShouldBe((2, 2, 1));
    }

    [Fact]
    public async Task Analyze_UnknownIncident_IsIgnored()
    {
        (await AnalyzeAsync(Context with { IncidentId = Guid.NewGuid() })).ShouldBeNull();

        bedrock.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Analyze_ModelRefuses_RulesAnswerAndTheModelIsOwed()
    {
        using var outage = bedrock.Faults.Always(BedrockFaults.AccessDenied());
        var before = time.GetUtcNow();

        var analysis = (await AnalyzeAsync(Context)).ShouldNotBeNull();

        analysis.Origin.ShouldBe(AnalysisOrigin.Rules);
        analysis.ModelUnavailable.ShouldNotBeNull();
        var retryAt = (await store.IncidentAsync(incident.Id)).ModelRetryAt.ShouldNotBeNull();
        retryAt.ShouldBeInRange(before.AddMinutes(5).AddSeconds(-1), time.GetUtcNow().AddMinutes(5));
    }

    [Fact]
    public async Task Analyze_ModelThrottles_IsOwedWhenThePauseEnds()
    {
        using var outage = bedrock.Faults.Always(BedrockFaults.Throttling());

        (await AnalyzeAsync(Context)).ShouldNotBeNull().Origin.ShouldBe(AnalysisOrigin.Rules);

        bedrock.Requests.Count.ShouldBe(3, "the 429 rule");
        var retryAt = (await store.IncidentAsync(incident.Id)).ModelRetryAt.ShouldNotBeNull();
        (retryAt - time.GetUtcNow()).ShouldBeInRange(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Analyze_ModelIsBack_ItsAnswerReplacesTheRules()
    {
        using (bedrock.Faults.Always(BedrockFaults.AccessDenied()))
        {
            await AnalyzeAsync(Context);
        }

        bedrock.Enqueue(Answer);
        var better = (await AnalyzeAsync(Context)).ShouldNotBeNull();

        better.Origin.ShouldBe(AnalysisOrigin.Model);
        var recorded = await store.IncidentAsync(incident.Id);
        (recorded.Version, recorded.ModelRetryAt, recorded.AnalyzedRevision).ShouldBe((3, null, 1));
        StoredJson.Read<AnalysisCompleted>(recorded.AnalysisJson!).Origin.ShouldBe(AnalysisOrigin.Model);
    }

    [Fact]
    public async Task Analyze_OutageGoesOnAndIsShown_ChangesNothingButTheNextTry()
    {
        using var outage = bedrock.Faults.Always(BedrockFaults.AccessDenied());
        await AnalyzeAsync(Context);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.DrawnVersion, 2).SetProperty(i => i.ModelRetryAt, Samples.Start), Cancellation));

        (await AnalyzeAsync(Context)).ShouldBeNull();

        var recorded = await store.IncidentAsync(incident.Id);
        recorded.Version.ShouldBe(2);
        recorded.ModelRetryAt.ShouldNotBeNull().ShouldBeGreaterThan(Samples.Start);
    }

    [Fact]
    public async Task Analyze_RedeliveredInAnOutageBeforeItWasShown_EmitsTheRecord()
    {
        using var outage = bedrock.Faults.Always(BedrockFaults.AccessDenied());
        var first = await AnalyzeAsync(Context);

        var again = await AnalyzeAsync(Context);

        StoredJson.Write(again).ShouldBe(StoredJson.Write(first));
        (await store.IncidentAsync(incident.Id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Analyze_AnswerIsUnusable_OwesNothing()
    {
        bedrock.AnswerWith(_ => "I cannot say.");

        var analysis = (await AnalyzeAsync(Context)).ShouldNotBeNull();

        analysis.Origin.ShouldBe(AnalysisOrigin.Rules);
        analysis.CostUsd.ShouldBeGreaterThan(0);
        (await store.IncidentAsync(incident.Id)).ModelRetryAt.ShouldBeNull();
    }

    private async Task<AnalysisCompleted?> AnalyzeAsync(ContextEnriched context)
    {
        await using var scope = provider.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AnalysisDesk>().AnalyzeAsync(context, Cancellation);
    }
}
