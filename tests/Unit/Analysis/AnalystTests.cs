using AlertResponder.Analysis;
using AlertResponder.Analysis.Model;
using AlertResponder.Analysis.Reuse;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Resilience;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Incidents;
using Amazon.BedrockRuntime;
using Amazon.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AlertResponder.Tests.Unit.Analysis;

/// <summary>The real client against the simulated region.</summary>
public sealed class AnalystTests : IAsyncLifetime
{
    private const string Answer = """
        {"cause":"scraper ran out of memory: its heap grew past the 256Mi limit","explanation":"The heap grows with every page.",
         "severity":"warning","confidence":"high","evidence":["e4"],"actions":["increase-memory-limit"],"commands":[]}
        """;

    private readonly ImpatientTime time = new(Given.Now, TimeSpan.FromSeconds(10));
    private BedrockSimulator bedrock = null!;
    private AmazonBedrockRuntimeClient client = null!;
    private ServiceProvider services = null!;
    private TemporaryStore store = null!;
    private readonly List<ServiceProvider> providers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        bedrock = await BedrockSimulator.StartAsync("AKIDEXAMPLE", "secret", "us-east-1", cancellationToken: Cancellation);
        client = Client("secret");
        services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddUpstream(UpstreamNames.Bedrock).BuildServiceProvider();
        store = await TemporaryStore.CreateAsync();
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(Samples.Incident(Given.PriceScraper().Subject, id: Given.PriceScraper().IncidentId));
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        foreach (var provider in providers)
            await provider.DisposeAsync();
        await store.DisposeAsync();
        await services.DisposeAsync();
        await bedrock.DisposeAsync();
    }

    [Fact]
    public async Task AnalyzeAsync_GoodAnswer_IsTheModelsWithTokensAndCost()
    {
        bedrock.Enqueue("```json\n" + Answer + "\n```");

        var analysis = await AnalyzeAsync();

        analysis.Origin.ShouldBe(AnalysisOrigin.Model);
        analysis.ModelUnavailable.ShouldBeNull();
        analysis.ModelId.ShouldBe("amazon.nova-micro-v1:0");
        analysis.Diagnosis.Cause.ShouldBe("scraper ran out of memory: its heap grew past the 256Mi limit");
        analysis.Diagnosis.Findings.Select(finding => finding.Rule).ShouldBe(["oom-killed", "model"]);
        analysis.InputTokens.ShouldBeInRange(100, 1_500);
        analysis.OutputTokens.ShouldBeGreaterThan(0);
        analysis.CostUsd.ShouldBe(((analysis.InputTokens * 0.035m) + (analysis.OutputTokens * 0.14m)) / 1_000_000m);
        analysis.AnalyzedAt.ShouldBe(Given.Now);
        bedrock.AssertNoUnexpectedCalls();
        var body = bedrock.Requests.ShouldHaveSingleItem().Body;
        body.ShouldContain("\"temperature\":0");
        body.ShouldContain("\"maxTokens\":600");
    }

    [Fact]
    public async Task AnalyzeAsync_NoModelConfigured_IsTheRulesWithoutExcuse()
    {
        var (analysis, retryAt) = await new Analyst(Options.Create(new AnalysisOptions()), time, NullLogger<Analyst>.Instance, store.Scopes).AnalyzeAsync(Given.PriceScraper(), Cancellation);

        analysis.Origin.ShouldBe(AnalysisOrigin.Rules);
        analysis.ModelUnavailable.ShouldBeNull();
        analysis.ModelId.ShouldBeNull();
        analysis.CostUsd.ShouldBe(0m);
        retryAt.ShouldBeNull();
    }

    [Fact]
    public async Task AnalyzeAsync_UnusableThenGood_MendsOnce()
    {
        bedrock.Enqueue("The pod is sad.");
        bedrock.Enqueue(Answer);

        var analysis = await AnalyzeAsync();

        analysis.Origin.ShouldBe(AnalysisOrigin.Model);
        bedrock.Requests.Count.ShouldBe(2);
        bedrock.Requests[1].Body.ShouldContain("The pod is sad.");
        bedrock.Requests[1].Body.ShouldContain("it has no JSON object");
        bedrock.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task AnalyzeAsync_BlankThenGood_AsksWithoutABlankTurn()
    {
        bedrock.Enqueue(" ");
        bedrock.Enqueue(Answer);

        (await AnalyzeAsync()).Origin.ShouldBe(AnalysisOrigin.Model);
        bedrock.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task AnalyzeAsync_UnusableTwice_TheRulesStandAndBothCallsCount()
    {
        bedrock.AnswerWith(_ => "I would rather not.");

        var (analysis, retryAt) = await Analyst().AnalyzeAsync(Given.PriceScraper(), Cancellation);

        analysis.Origin.ShouldBe(AnalysisOrigin.Rules);
        analysis.ModelUnavailable.ShouldBe("The model's answer could not be used: it has no JSON object. Rules only.");
        analysis.Diagnosis.Cause.ShouldBe("scraper was OOMKilled: it needs more than its 256Mi memory limit");
        analysis.CostUsd.ShouldBeGreaterThan(0m);
        bedrock.Requests.Count.ShouldBe(2);
        retryAt.ShouldBeNull();
    }

    [Theory]
    [InlineData("max_tokens", "The model's answer could not be used: it was cut off after 600 tokens. Rules only.", 2)]
    [InlineData("malformed_model_output", "The model's answer could not be used: it came out malformed. Rules only.", 2)]
    [InlineData("model_context_window_exceeded", "The model's answer could not be used: the question was longer than the model takes. Rules only.", 1)]
    [InlineData("content_filtered", "The model's answer could not be used: Bedrock's content filter held the answer back. Rules only.", 1)]
    [InlineData("guardrail_intervened", "The model's answer could not be used: a Bedrock guardrail held the answer back. Rules only.", 1)]
    public async Task AnalyzeAsync_StoppedEarly_TheRulesStand(string stopReason, string sentence, int calls)
    {
        bedrock.StopReason = stopReason;
        bedrock.AnswerWith(_ => Answer[..60]);

        var analysis = await AnalyzeAsync();

        analysis.ModelUnavailable.ShouldBe(sentence);
        bedrock.Requests.Count.ShouldBe(calls);
    }

    [Fact]
    public async Task AnalyzeAsync_CutOffBehindTheObject_IsUsed()
    {
        bedrock.Enqueue(Answer + " And furth", "max_tokens");

        (await AnalyzeAsync()).Origin.ShouldBe(AnalysisOrigin.Model);
    }

    [Fact]
    public async Task AnalyzeAsync_HealthyClaim_IsTheModelsDoubt()
    {
        bedrock.Enqueue("""{"cause":"all is healthy","explanation":"Nothing is wrong.","severity":"info","confidence":"high"}""");

        var analysis = await AnalyzeAsync();

        analysis.Origin.ShouldBe(AnalysisOrigin.Model);
        analysis.Diagnosis.Doubt.ShouldBe("it sees nothing wrong here.");
        analysis.Diagnosis.Cause.ShouldBe("scraper was OOMKilled: it needs more than its 256Mi memory limit");
        analysis.Diagnosis.Severity.ShouldBe(Severity.Warning);
    }

    [Fact]
    public async Task AnalyzeAsync_NothingBorne_IsSetAside()
    {
        bedrock.Enqueue("""{"cause":"memory of payment-api","explanation":"It is redis.","severity":"warning","confidence":"high"}""");

        var analysis = await AnalyzeAsync();

        analysis.Origin.ShouldBe(AnalysisOrigin.Rules);
        analysis.ModelUnavailable.ShouldBe("The model's answer did not fit the evidence and was set aside. Rules only.");
    }

    [Fact]
    public async Task AnalyzeAsync_Throttled_SaysUntilWhenAndOwesTheModel()
    {
        bedrock.Faults.Always(BedrockFaults.Throttling());
        var analyst = Analyst();

        var (first, _) = await analyst.AnalyzeAsync(Given.PriceScraper(), Cancellation);
        var sent = bedrock.Requests.Count;
        var (second, retryAt) = await analyst.AnalyzeAsync(Given.PriceScraper(), Cancellation);

        first.Origin.ShouldBe(AnalysisOrigin.Rules);
        first.ModelUnavailable.ShouldNotBeNull().ShouldContain("throttling us");
        second.ModelUnavailable.ShouldBe("Bedrock is throttling us or failing; paused until 08:17 UTC. Rules only; the model's analysis follows.");
        bedrock.Requests.Count.ShouldBe(sent);
        retryAt.ShouldBe(Given.Now.AddMinutes(5));
    }

    [Fact]
    public async Task AnalyzeAsync_WrongSecret_SaysThatAwsRefused()
    {
        using var stranger = Client("wrong");

        var (analysis, _) = await Analyst(stranger).AnalyzeAsync(Given.PriceScraper(), Cancellation);

        analysis.ModelUnavailable.ShouldNotBeNull().ShouldStartWith("AWS refused the credentials or the access to the model (");
        analysis.Diagnosis.Cause.ShouldBe("scraper was OOMKilled: it needs more than its 256Mi memory limit");
    }

    [Fact]
    public async Task AnalyzeAsync_Silence_EndsAtTheDeadline()
    {
        bedrock.Faults.Always(Fault.Hang);

        var (analysis, retryAt) = await Analyst(deadlineTime: new ImpatientTime(Given.Now, TimeSpan.MaxValue)).AnalyzeAsync(Given.PriceScraper(), Cancellation);

        analysis.Origin.ShouldBe(AnalysisOrigin.Rules);
        analysis.ModelUnavailable.ShouldBe("Bedrock did not answer in time. Rules only; the model's analysis follows.");
        retryAt.ShouldBe(Given.Now.AddMinutes(5));
    }

    [Fact]
    public async Task AnalyzeAsync_CallerCancels_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Analyst().AnalyzeAsync(Given.PriceScraper(), cancelled.Token));
    }

    [Fact]
    public async Task AnalyzeAsync_HealthySubject_AsksNobody()
    {
        var analysis = await AnalyzeAsync(Given.Api("running", ("ready", "true")).Context());

        analysis.Diagnosis.Severity.ShouldBe(Severity.Info);
        analysis.ModelUnavailable.ShouldBeNull();
        bedrock.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnalyzeAsync_BudgetUsedUp_AsksNobodyUntilTheNextDay()
    {
        // Of this firing alone, so that it is not used again.
        bedrock.AnswerWith(_ => Answer.Replace("256Mi limit", "256Mi limit at heap=360Mi", StringComparison.Ordinal).Replace("The heap grows with every page.", "It grew to heap=360Mi.", StringComparison.Ordinal));

        // Enough for the worst case of one call.
        var analyst = Analyst(options: new AnalysisOptions { DailyBudgetUsd = 0.00036m });

        (await analyst.AnalyzeAsync(Given.PriceScraper(), Cancellation)).Completed.Origin.ShouldBe(AnalysisOrigin.Model);
        var (second, retryAt) = await analyst.AnalyzeAsync(Given.PriceScraper(), Cancellation);
        time.Now = Given.Now.AddHours(16);
        var (third, _) = await analyst.AnalyzeAsync(Given.PriceScraper(), Cancellation);

        second.Origin.ShouldBe(AnalysisOrigin.Rules);
        second.ModelUnavailable.ShouldBe("The daily budget of $0.00036 for the model is used up. Rules only until 00:00 UTC.");
        retryAt.ShouldBe(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));
        third.Origin.ShouldBe(AnalysisOrigin.Model);
        bedrock.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task AnalyzeAsync_Answered_KeepsTheBillByDayAndIncident()
    {
        bedrock.AnswerWith(_ => Answer);

        var analysis = await AnalyzeAsync();

        var day = await store.ReadAsync(context => context.ModelDays.SingleAsync(Cancellation));
        (day.Day, day.SpentNanoUsd, day.InputTokens, day.OutputTokens).ShouldBe((20261122, (long)(analysis.CostUsd * 1_000_000_000m), analysis.InputTokens, analysis.OutputTokens));
        var spend = await store.ReadAsync(context => context.ModelSpends.SingleAsync(Cancellation));
        (spend.IncidentId, spend.Revision, spend.ClaimedUntil, spend.SpentNanoUsd).ShouldBe((analysis.IncidentId, 1, null, day.SpentNanoUsd));
    }

    [Fact]
    public async Task AnalyzeAsync_Silence_CountsTheReservationAsSpent()
    {
        bedrock.Faults.Always(Fault.Hang);

        await Analyst(deadlineTime: new ImpatientTime(Given.Now, TimeSpan.MaxValue)).AnalyzeAsync(Given.PriceScraper(), Cancellation);

        var spend = await store.ReadAsync(context => context.ModelSpends.SingleAsync(Cancellation));
        spend.ClaimedUntil.ShouldBeNull();
        spend.SpentNanoUsd.ShouldBeGreaterThan(100_000);
    }

    [Fact]
    public async Task AnalyzeAsync_Refused_CostsNothing()
    {
        using var refusal = bedrock.Faults.Always(BedrockFaults.AccessDenied());

        await AnalyzeAsync();

        (await store.ReadAsync(context => context.ModelDays.SingleAsync(Cancellation))).SpentNanoUsd.ShouldBe(0);
    }

    [Fact]
    public async Task AnalyzeAsync_AnotherAsksAlready_RulesForNow()
    {
        var asking = Analyst();
        AnalysisCompleted? meanwhile = null;
        DateTimeOffset? retryAt = null;
        bedrock.AnswerWith(_ =>
        {
            (meanwhile, retryAt) = asking.AnalyzeAsync(Given.PriceScraper(), Cancellation).GetAwaiter().GetResult();
            return Answer;
        });

        var analysis = await AnalyzeAsync();

        analysis.Origin.ShouldBe(AnalysisOrigin.Model);
        meanwhile.ShouldNotBeNull().ModelUnavailable.ShouldBe("The model is being asked already. Rules for now; its analysis follows.");
        retryAt.ShouldBe(Given.Now.AddSeconds(45));
        bedrock.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AnalyzeAsync_SameTroubleAgain_ReusesTheAnswerForNothing()
    {
        bedrock.Enqueue(Answer.Replace("The heap grows with every page.", "Pod price-scraper-28487520-2n78x dies while it scrapes. It happened at 08:10 UTC.", StringComparison.Ordinal));
        await AnalyzeAsync();

        var again = await AnalyzeAsync(SignatureTests.NextFiring(Given.PriceScraper()));

        (again.Origin, again.InputTokens, again.CostUsd, again.ModelId).ShouldBe((AnalysisOrigin.Reused, 0, 0m, "amazon.nova-micro-v1:0"));
        again.Diagnosis.Cause.ShouldBe("scraper ran out of memory: its heap grew past the 256Mi limit");
        again.Diagnosis.Explanation.ShouldBe("Pod price-scraper-28487999-vx7kd dies while it scrapes.");
        bedrock.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AnalyzeAsync_CauseOfTheOtherFiringAlone_TheRulesCauseOfThisOneStands()
    {
        bedrock.Enqueue(Answer.Replace("256Mi limit", "256Mi limit at heap=360Mi", StringComparison.Ordinal));
        await AnalyzeAsync();

        var again = await AnalyzeAsync(SignatureTests.NextFiring(Given.PriceScraper()));

        again.Origin.ShouldBe(AnalysisOrigin.Reused);
        (again.Diagnosis.Cause, again.Diagnosis.Explanation, again.Diagnosis.Doubt).ShouldBe(("scraper was OOMKilled: it needs more than its 256Mi memory limit", "The heap grows with every page.", null));
    }

    [Fact]
    public async Task AnalyzeAsync_SameTroubleAWeekLater_AsksAgain()
    {
        bedrock.AnswerWith(_ => Answer);
        await AnalyzeAsync();
        time.Now = Given.Now.AddDays(7);

        (await AnalyzeAsync()).Origin.ShouldBe(AnalysisOrigin.Model);

        bedrock.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task AnalyzeAsync_BudgetSpentAndTheTroubleKnown_ReusesTheAnswer()
    {
        bedrock.AnswerWith(_ => Answer);
        await AnalyzeAsync();

        var (again, _) = await Analyst(options: new AnalysisOptions { DailyBudgetUsd = 0.000001m }).AnalyzeAsync(Given.PriceScraper(), Cancellation);

        again.Origin.ShouldBe(AnalysisOrigin.Reused);
    }

    private async Task<AnalysisCompleted> AnalyzeAsync(ContextEnriched? context = null) =>
        (await Analyst().AnalyzeAsync(context ?? Given.PriceScraper(), Cancellation)).Completed;

    private Analyst Analyst(IAmazonBedrockRuntime? caller = null, TimeProvider? deadlineTime = null, AnalysisOptions? options = null)
    {
        var configured = Options.Create(options ?? new AnalysisOptions());
        var provider = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddSingleton(configured)
            .AddIncidents(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Incidents", store.ConnectionString)]).Build())
            .AddScoped<ModelLedger>().AddScoped<AnswerMemory>().BuildServiceProvider();
        providers.Add(provider);
        return new(
            configured,
            deadlineTime ?? time,
            NullLogger<Analyst>.Instance,
            provider.GetRequiredService<IServiceScopeFactory>(),
            new BedrockModel(() => caller ?? client, services.GetRequiredKeyedService<Upstream>(UpstreamNames.Bedrock), new BedrockOptions()));
    }

    private AmazonBedrockRuntimeClient Client(string secret) => new(
        new BasicAWSCredentials("AKIDEXAMPLE", secret),
        new AmazonBedrockRuntimeConfig { ServiceURL = bedrock.Address.ToString(), AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });

    /// <summary>A clock that stands still, whose shorter timers (the delays between retries) fire at once.</summary>
    private sealed class ImpatientTime(DateTimeOffset now, TimeSpan shorterThan) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime >= TimeSpan.Zero && dueTime < shorterThan ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }
}
