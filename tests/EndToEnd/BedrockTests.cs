using System.Net;
using AlertResponder.Host;
using AlertResponder.Resilience;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.Servers;
using AlertResponder.Tests.Unit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The model on top of the rules, and the rules without the model. The application's clock is the test's.</summary>
public sealed class BedrockTests
{
    private const string Region = "us-east-1";

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

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ModelAnswers_MessageShowsItsCauseTokensAndCost()
    {
        await using var world = await World.StartAsync();
        world.Bedrock.Enqueue(Answer);

        await world.FireAsync(PriceScraperWebhook);

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

        await world.FireAsync(PriceScraperWebhook);
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

        await world.FireAsync(PriceScraperWebhook);

        var message = await world.MessageAsync("CronJob", message => message.IsOpen(), advance: TimeSpan.FromMilliseconds(250));
        message.ShouldTellOfPriceScraper();
        message.Shown().ShouldContain(failure == nameof(BedrockFaults.AccessDenied) ? "refused" : "Bedrock");
        world.Bedrock.Requests.Count.ShouldBe(failure == nameof(BedrockFaults.AccessDenied) ? 1 : 4);
    }

    private static string PriceScraperWebhook { get; } =
        Payloads.Read("firing-single.json").Replace("price-scraper-28487520-abc12", "price-scraper-28487520-2n78x", StringComparison.Ordinal);

    /// <summary>The pipeline in this process, on simulators and a clock of the test's.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly Surroundings surroundings;
        private readonly WebApplication app;

        private World(Surroundings surroundings, BedrockSimulator bedrock, ManualTimeProvider time, WebApplication app)
        {
            this.surroundings = surroundings;
            this.app = app;
            Bedrock = bedrock;
            Time = time;
        }

        public BedrockSimulator Bedrock { get; }

        public ManualTimeProvider Time { get; }

        public SlackSimulator Slack => surroundings.Slack;

        public static async Task<World> StartAsync()
        {
            var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
            var bedrock = await BedrockSimulator.StartAsync("AKIAENDTOEND", "secret-of-the-test", Region, cancellationToken: Cancel);
            var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
            var settings = surroundings.Settings(
                new("AWS_ACCESS_KEY_ID", "AKIAENDTOEND"),
                new("AWS_SECRET_ACCESS_KEY", "secret-of-the-test"),
                new("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.Address.ToString()),
                new("Bedrock__Region", Region));
            var app = Pipeline.Build([], builder =>
            {
                builder.Configuration.Sources.Clear();
                builder.Configuration.AddInMemoryCollection(settings.Select(setting =>
                    new KeyValuePair<string, string?>(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)));
                builder.WebHost.UseUrls("http://127.0.0.1:0");
                builder.Logging.SetMinimumLevel(LogLevel.Error);
                builder.Services.AddSingleton<TimeProvider>(time);
            });
            await app.StartAsync(Cancel);
            return new World(surroundings, bedrock, time, app);
        }

        public Upstream Upstream(string name) => app.Services.GetRequiredKeyedService<Upstream>(name);

        public async Task FireAsync(string webhook)
        {
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            using var http = new HttpClient();
            using var content = new StringContent(webhook, System.Text.Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(new Uri(new Uri(address), "webhooks/alertmanager"), content, Cancel);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        /// <summary>The message of a subject, once it satisfies the condition; the clock goes on meanwhile.</summary>
        public Task<SlackMessage> MessageAsync(string subject, Func<SlackMessage, bool> until, TimeSpan advance = default) =>
            Eventually.ReadsAsync(
                _ =>
                {
                    Time.Advance(advance);
                    return Task.FromResult(Slack.Messages.Single(message => message.Shown().Contains(subject, StringComparison.Ordinal)));
                },
                until,
                $"the message of {subject}",
                cancellationToken: Cancel);

        /// <summary>Lets the clock run in steps, each of which the application has time to act upon.</summary>
        public async Task AdvanceToAsync(DateTimeOffset until)
        {
            while (Time.GetUtcNow() < until)
            {
                var left = until - Time.GetUtcNow();
                Time.Advance(left < TimeSpan.FromSeconds(5) ? left : TimeSpan.FromSeconds(5));
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
            await Bedrock.DisposeAsync();
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            await surroundings.DisposeAsync();
        }
    }
}
