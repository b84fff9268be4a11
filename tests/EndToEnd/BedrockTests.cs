using AlertResponder.Resilience;
using AlertResponder.Simulators.Bedrock;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The model on top of the rules, and the rules without the model. The application's clock is the test's.</summary>
public sealed class BedrockTests
{
    private const string Answer =
        """
        Here is my analysis:
        ```json
        {"cause": "scraper was OOMKilled: its heap outgrows the 256Mi memory limit while it scrapes listings",
         "explanation": "The previous log shows the heap at 248Mi when the kernel killed scraper at 256Mi.",
         "severity": "warning", "confidence": "high", "evidence": ["e2"],
         "actions": ["increase-memory-limit"],
         "commands": ["kubectl -n cardboard get cronjob price-scraper -o yaml", "kubectl -n cardboard delete pod price-scraper-28487520-2n78x"]}
        ```
        """;

    [Fact]
    public async Task ModelAnswers_MessageShowsItsCauseTokensAndCost()
    {
        await using var world = await World.StartAsync();
        world.Bedrock.Enqueue(Answer);

        await world.FireAsync(PriceScraperAlert.Webhook);

        var message = await world.MessageAsync("CronJob", message => message.Shown().Contains("while it scrapes listings", StringComparison.Ordinal));
        message.Shown().ShouldContain("amazon.nova-micro-v1:0");
        message.Shown().ShouldContain(" tokens · $0.0");
        message.Shown().ShouldNotContain("delete pod", Case.Insensitive, "commands that change something are dropped");
        world.Bedrock.Requests.ShouldHaveSingleItem();
        world.Bedrock.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task BedrockThrottles_ThreeCallsThenNoneForFiveMinutes_MessageComesFromTheRulesAndTheModelFollows()
    {
        await using var world = await World.StartAsync();
        var throttling = world.Bedrock.Faults.Always(BedrockFaults.Throttling());

        await world.FireAsync(PriceScraperAlert.Webhook);
        var message = await world.MessageAsync("CronJob", message => message.IsOpen(), advance: TimeSpan.FromMilliseconds(250));
        message.ShouldTellOfPriceScraper();
        message.Shown().ShouldContain("paused until");
        message.Shown().ShouldContain("rules only", Case.Insensitive);
        world.Bedrock.Requests.Count.ShouldBe(3);
        var pausedUntil = world.Upstream(UpstreamNames.Bedrock).PausedUntil.ShouldNotBeNull();
        (pausedUntil - world.Time.GetUtcNow()).ShouldBeInRange(TimeSpan.FromMinutes(4.9), TimeSpan.FromMinutes(5));

        // Another incident within the pause: told at once, and Bedrock is not asked.
        await world.FireAsync(Payloads.Read("firing-node.json"));
        var other = await world.MessageAsync("Node k3s-agent-2", message => message.IsOpen(), advance: TimeSpan.FromMilliseconds(250));
        other.Shown().ShouldContain("paused until");

        await world.AdvanceToAsync(pausedUntil - TimeSpan.FromSeconds(1));
        world.Bedrock.Requests.Count.ShouldBe(3, "nothing is sent for five minutes");

        throttling.Dispose();
        world.Bedrock.AnswerWith(_ => Answer);
        var better = await world.MessageAsync(
            "CronJob", message => message.Shown().Contains("while it scrapes listings", StringComparison.Ordinal), advance: TimeSpan.FromSeconds(1));
        better.Ts.ShouldBe(message.Ts);
        better.Shown().ShouldNotContain("paused until");
        world.Slack.Messages.Count.ShouldBe(2);
        world.Slack.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData(nameof(BedrockFaults.AccessDenied))]
    [InlineData(nameof(BedrockFaults.ServiceUnavailable))]
    public async Task BedrockFails_MessageComesFromTheRulesAndSaysWhy(string failure)
    {
        await using var world = await World.StartAsync();
        using var outage = world.Bedrock.Faults.Always(failure == nameof(BedrockFaults.AccessDenied) ? BedrockFaults.AccessDenied() : BedrockFaults.ServiceUnavailable());

        await world.FireAsync(PriceScraperAlert.Webhook);

        var message = await world.MessageAsync("CronJob", message => message.IsOpen(), advance: TimeSpan.FromMilliseconds(250));
        message.ShouldTellOfPriceScraper();
        message.Shown().ShouldContain(failure == nameof(BedrockFaults.AccessDenied) ? "refused" : "Bedrock");
        world.Bedrock.Requests.Count.ShouldBe(failure == nameof(BedrockFaults.AccessDenied) ? 1 : 4);
    }
}
