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
        provider = Start();
        incident.EnrichedRevision = 1;
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });
    }

    /// <summary>A process: nothing but the store is what the one before had.</summary>
    private ServiceProvider Start()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Incidents"] = store.ConnectionString,
            ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
            ["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI",
            ["Bedrock:Region"] = "us-east-1",
            ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = bedrock.Address.AbsoluteUri,
        }).Build();
        return new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddIncidents(configuration).AddAnalysis(configuration).BuildServiceProvider();
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
        recorded.ProposeAt.ShouldNotBeNull().ShouldBe(analysis.AnalyzedAt + IncidentProgress.StalledAfter, TimeSpan.FromTicks(TimeSpan.TicksPerMicrosecond), "its message is on its way");
    }

    [Fact]
    public async Task Analyze_RecordCannotBeRead_AnalysesAgainAndReplacesIt()
    {
        bedrock.Enqueue(Answer);
        await AnalyzeAsync(Context);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.AnalysisJson, "null"), Cancellation));
        bedrock.Enqueue(Answer);

        var analysis = (await AnalyzeAsync(Context)).ShouldNotBeNull();

        (await store.IncidentAsync(incident.Id)).AnalysisJson.ShouldBe(StoredJson.Write(analysis));
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

    [Fact]
    public async Task Analyze_OutageAndRestart_TheModelsAnswerFollowsInPlace()
    {
        using (bedrock.Faults.Always(BedrockFaults.Throttling()))
        {
            (await AnalyzeAsync(Context)).ShouldNotBeNull().ModelUnavailable.ShouldNotBeNull();
        }

        await RestartAsync();
        bedrock.Enqueue(Answer);
        (await AnalyzeAsync(Context)).ShouldNotBeNull().Origin.ShouldBe(AnalysisOrigin.Model);

        var recorded = await store.IncidentAsync(incident.Id);
        (recorded.Version, recorded.ModelRetryAt, recorded.AnalyzedRevision).ShouldBe((3, null, 1));
    }

    [Fact]
    public async Task Analyze_BudgetSpentBeforeARestart_IsStillSpentAfterIt()
    {
        await store.ChangeAsync(context =>
        {
            context.ModelDays.Add(new ModelDay { Day = ModelDay.Of(time.GetUtcNow()), SpentNanoUsd = 999_900_000 });
            return Task.CompletedTask;
        });
        await RestartAsync();

        var analysis = (await AnalyzeAsync(Context)).ShouldNotBeNull();

        analysis.ModelUnavailable.ShouldBe("The daily budget of $1.00 for the model is used up. Rules only until 00:00 UTC.");
        bedrock.Requests.ShouldBeEmpty();
        var midnight = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        (await store.IncidentAsync(incident.Id)).ModelRetryAt.ShouldBe(midnight);
    }

    [Fact]
    public async Task Analyze_DeliveredTwiceAtOnce_AsksOnceAndTheModelsAnswerStands()
    {
        AnalysisCompleted? other = null;
        await using var otherProcess = Start();
        bedrock.AnswerWith(_ =>
        {
            other = AnalyzeAsync(Context, otherProcess).GetAwaiter().GetResult();
            return Answer;
        });

        var analysis = (await AnalyzeAsync(Context)).ShouldNotBeNull();

        other.ShouldNotBeNull().Origin.ShouldBe(AnalysisOrigin.Rules, "people are not kept waiting");
        analysis.Origin.ShouldBe(AnalysisOrigin.Model);
        var recorded = await store.IncidentAsync(incident.Id);
        StoredJson.Read<AnalysisCompleted>(recorded.AnalysisJson!).Origin.ShouldBe(AnalysisOrigin.Model);
        (recorded.Version, recorded.ModelRetryAt, bedrock.Requests.Count).ShouldBe((3, null, 1));
    }

    [Fact]
    public async Task Analyze_AnotherRecordedTheModelsAnswerMeanwhile_DoesNotReplaceIt()
    {
        // Its own call fails while the other one's answer is recorded.
        var answered = Samples.Analysis(incident.Id) with { Origin = AnalysisOrigin.Model };
        bedrock.AnswerWith(_ =>
        {
            var json = StoredJson.Write(answered);
            store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.AnalysisJson, json).SetProperty(i => i.AnalyzedRevision, 1), Cancellation)).GetAwaiter().GetResult();
            return "I cannot say.";
        });

        (await AnalyzeAsync(Context)).ShouldBeNull();

        StoredJson.Read<AnalysisCompleted>((await store.IncidentAsync(incident.Id)).AnalysisJson!).Origin.ShouldBe(AnalysisOrigin.Model);
    }

    private async Task RestartAsync()
    {
        await provider.DisposeAsync();
        provider = Start();
    }

    private Task<AnalysisCompleted?> AnalyzeAsync(ContextEnriched context) => AnalyzeAsync(context, provider);

    private static async Task<AnalysisCompleted?> AnalyzeAsync(ContextEnriched context, ServiceProvider process)
    {
        await using var scope = process.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AnalysisDesk>().AnalyzeAsync(context, Cancellation);
    }
}
