using System.Net;
using AlertResponder.Host;
using AlertResponder.Resilience;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The pipeline in this process, on simulators and a clock of the test's.</summary>
internal sealed class World : IAsyncDisposable
{
    private const string Region = "us-east-1";

    private readonly Surroundings surroundings;
    private readonly WebApplication app;

    private World(Surroundings surroundings, BedrockSimulator bedrock, FakeTimeProvider time, WebApplication app)
    {
        this.surroundings = surroundings;
        this.app = app;
        Bedrock = bedrock;
        Time = time;
    }

    public BedrockSimulator Bedrock { get; }

    public FakeTimeProvider Time { get; }

    public SlackSimulator Slack => surroundings.Slack;

    public ClusterSimulator Cluster => surroundings.Cluster;

    public static async Task<World> StartAsync()
    {
        var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, TestContext.Current.CancellationToken);
        var bedrock = await BedrockSimulator.StartAsync("AKIAENDTOEND", "secret-of-the-test", Region, cancellationToken: TestContext.Current.CancellationToken);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
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
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new World(surroundings, bedrock, time, app);
    }

    public Upstream Upstream(string name) => app.Services.GetRequiredKeyedService<Upstream>(name);

    public async Task FireAsync(string webhook)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using var http = new HttpClient();
        using var content = new StringContent(webhook, System.Text.Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(new Uri(address), "webhooks/alertmanager"), content, TestContext.Current.CancellationToken);
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
            cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Lets the clock run in steps, each of which the application has time to act upon.</summary>
    public async Task AdvanceToAsync(DateTimeOffset until)
    {
        while (Time.GetUtcNow() < until)
        {
            var left = until - Time.GetUtcNow();
            Time.Advance(left < TimeSpan.FromSeconds(5) ? left : TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
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
