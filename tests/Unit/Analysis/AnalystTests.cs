using AlertResponder.Analysis;
using AlertResponder.Analysis.Model;
using AlertResponder.Contracts;
using AlertResponder.Resilience;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Traffic;
using Amazon.BedrockRuntime;
using Amazon.Runtime;
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

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        bedrock = await BedrockSimulator.StartAsync("AKIDEXAMPLE", "secret", "us-east-1", cancellationToken: Cancellation);
        client = Client("secret");
        services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddUpstream(UpstreamNames.Bedrock).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await services.DisposeAsync();
        await bedrock.DisposeAsync();
    }

    [Fact]
    public async Task AnalyzeAsync_GoodAnswer_IsTheModelsWithTokensAndCost()
    {
        bedrock.Enqueue("```json\n" + Answer + "\n```");

        var analysis = await Analyst().AnalyzeAsync(Given.PriceScraper(), Cancellation);

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
        var analysis = await new Analyst(Options.Create(new AnalysisOptions()), time, NullLogger<Analyst>.Instance).AnalyzeAsync(Given.PriceScraper(), Cancellation);

        analysis.Origin.ShouldBe(AnalysisOrigin.Rules);
        analysis.ModelUnavailable.ShouldBeNull();
        analysis.ModelId.ShouldBeNull();
        analysis.CostUsd.ShouldBe(0m);
        AlertResponder.Analysis.Analyst.IsModelOwed(analysis).ShouldBeFalse();
    }

    [Fact]
    public async Task AnalyzeAsync_UnusableThenGood_MendsOnce()
    {
        bedrock.Enqueue("The pod is sad.");
        bedrock.Enqueue(Answer);

        var analysis = await Analyst().AnalyzeAsync(Given.PriceScraper(), Cancellation);

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

        (await Analyst().AnalyzeAsync(Given.PriceScraper(), Cancellation)).Origin.ShouldBe(AnalysisOrigin.Model);
        bedrock.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task AnalyzeAsync_UnusableTwice_TheRulesStandAndBothCallsCount()
    {
        bedrock.AnswerWith(_ => "I would rather not.");

        var analysis = await Analyst().AnalyzeAsync(Given.PriceScraper(), Cancellation);

        analysis.Origin.ShouldBe(AnalysisOrigin.Rules);
        analysis.ModelUnavailable.ShouldBe("The model's answer could not be used: it has no JSON object. Rules only.");
        analysis.Diagnosis.Cause.ShouldBe("scraper was OOMKilled: it needs more than its 256Mi memory limit");
        analysis.CostUsd.ShouldBeGreaterThan(0m);
        bedrock.Requests.Count.ShouldBe(2);
        AlertResponder.Analysis.Analyst.IsModelOwed(analysis).ShouldBeFalse();
    }

    [Theory]
    [InlineData("max_tokens", "The model's answer could not be used: it was cut off for its length, so keep it much shorter. Rules only.", 2)]
    [InlineData("content_filtered", "The model's answer could not be used: Bedrock's content filter held the answer back. Rules only.", 1)]
    [InlineData("guardrail_intervened", "The model's answer could not be used: a Bedrock guardrail held the answer back. Rules only.", 1)]
    public async Task AnalyzeAsync_StoppedEarly_TheRulesStand(string stopReason, string sentence, int calls)
    {
        bedrock.StopReason = stopReason;
        bedrock.AnswerWith(_ => Answer[..60]);

        var analysis = await Analyst().AnalyzeAsync(Given.PriceScraper(), Cancellation);

        analysis.ModelUnavailable.ShouldBe(sentence);
        bedrock.Requests.Count.ShouldBe(calls);
    }

    [Fact]
    public async Task AnalyzeAsync_HealthyClaim_IsSetAside()
    {
        bedrock.Enqueue("""{"cause":"all is healthy","explanation":"Nothing is wrong.","severity":"info","confidence":"high"}""");

        var analysis = await Analyst().AnalyzeAsync(Given.PriceScraper(), Cancellation);

        analysis.Origin.ShouldBe(AnalysisOrigin.Rules);
        analysis.ModelUnavailable.ShouldBe("The model's answer did not fit the evidence and was set aside. Rules only.");
        analysis.Diagnosis.Severity.ShouldBe(Severity.Warning);
    }

    [Fact]
    public async Task AnalyzeAsync_Throttled_SaysUntilWhenAndOwesTheModel()
    {
        bedrock.Faults.Always(BedrockFaults.Throttling());
        var analyst = Analyst();

        var first = await analyst.AnalyzeAsync(Given.PriceScraper(), Cancellation);
        var sent = bedrock.Requests.Count;
        var second = await analyst.AnalyzeAsync(Given.PriceScraper(), Cancellation);

        first.Origin.ShouldBe(AnalysisOrigin.Rules);
        first.ModelUnavailable.ShouldNotBeNull().ShouldContain("throttling us");
        second.ModelUnavailable.ShouldBe("Bedrock is throttling us or failing; paused until 08:17 UTC. Rules only; the model's analysis follows.");
        bedrock.Requests.Count.ShouldBe(sent);
        AlertResponder.Analysis.Analyst.IsModelOwed(second).ShouldBeTrue();
    }

    [Fact]
    public async Task AnalyzeAsync_WrongSecret_SaysThatAwsRefused()
    {
        using var stranger = Client("wrong");

        var analysis = await Analyst(stranger).AnalyzeAsync(Given.PriceScraper(), Cancellation);

        analysis.ModelUnavailable.ShouldNotBeNull().ShouldStartWith("AWS refused the credentials or the access to the model (");
        analysis.Diagnosis.Cause.ShouldBe("scraper was OOMKilled: it needs more than its 256Mi memory limit");
    }

    [Fact]
    public async Task AnalyzeAsync_Silence_EndsAtTheDeadline()
    {
        bedrock.Faults.Always(Fault.Hang);

        var analysis = await Analyst(deadlineTime: new ImpatientTime(Given.Now, TimeSpan.MaxValue)).AnalyzeAsync(Given.PriceScraper(), Cancellation);

        analysis.Origin.ShouldBe(AnalysisOrigin.Rules);
        analysis.ModelUnavailable.ShouldBe("Bedrock did not answer in time. Rules only; the model's analysis follows.");
        AlertResponder.Analysis.Analyst.IsModelOwed(analysis).ShouldBeTrue();
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
        var analysis = await Analyst().AnalyzeAsync(Given.Api("running", ("ready", "true")).Context(), Cancellation);

        analysis.Diagnosis.Severity.ShouldBe(Severity.Info);
        analysis.ModelUnavailable.ShouldBeNull();
        bedrock.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnalyzeAsync_BudgetUsedUp_AsksNobodyUntilTheNextDay()
    {
        bedrock.AnswerWith(_ => Answer);

        // Enough for the worst case of one call.
        var analyst = Analyst(options: new AnalysisOptions { DailyBudgetUsd = 0.00036m });

        (await analyst.AnalyzeAsync(Given.PriceScraper(), Cancellation)).Origin.ShouldBe(AnalysisOrigin.Model);
        var second = await analyst.AnalyzeAsync(Given.PriceScraper(), Cancellation);
        time.Now = Given.Now.AddHours(16);
        var third = await analyst.AnalyzeAsync(Given.PriceScraper(), Cancellation);

        second.Origin.ShouldBe(AnalysisOrigin.Rules);
        second.ModelUnavailable.ShouldBe("The daily budget of $0.00036 for the model is used up. Rules only until 00:00 UTC.");
        third.Origin.ShouldBe(AnalysisOrigin.Model);
        bedrock.Requests.Count.ShouldBe(2);
    }

    private Analyst Analyst(IAmazonBedrockRuntime? caller = null, TimeProvider? deadlineTime = null, AnalysisOptions? options = null) =>
        new(
            Options.Create(options ?? new AnalysisOptions()),
            deadlineTime ?? time,
            NullLogger<Analyst>.Instance,
            new BedrockModel(() => caller ?? client, services.GetRequiredKeyedService<Upstream>(UpstreamNames.Bedrock), new BedrockOptions()));

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
