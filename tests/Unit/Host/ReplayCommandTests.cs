using System.CommandLine;
using System.Text.Json.Nodes;
using AlertResponder.Host.Commands;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Clients;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Host;

/// <summary>Recorded webhooks to a running gateway.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly TestHost host = new();
    private readonly InvocationConfiguration streams = new() { Output = new StringWriter(), Error = new StringWriter() };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Output => streams.Output.ToString()!;

    private string Error => streams.Error.ToString()!;

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Replay_FilesWithTheToken_AreTakenAndTold()
    {
        await using var app = host.Build(("Gateway:WebhookToken", Token));
        using var http = await TestHost.StartAsync(app);
        var bad = Write("bad", json => json["alerts"]!.AsArray().Add(new JsonObject { ["status"] = "firing" }));

        (await ReplayAsync(http.BaseAddress!, [Write("good"), bad], $"--Gateway:WebhookToken={Token}")).ShouldBe(0);

        Output.ShouldContain("good.json: 1 accepted");
        Output.ShouldContain("bad.json: 1 accepted, 1 set aside: ");
        Error.ShouldBeEmpty();
        await app.StopAsync(Cancel);
    }

    [Fact]
    public async Task Replay_WithoutTheToken_FailsWithTheFix()
    {
        await using var app = host.Build(("Gateway:WebhookToken", Token));
        using var http = await TestHost.StartAsync(app);

        (await ReplayAsync(http.BaseAddress!, [Write("good")])).ShouldBe(1);

        Error.ShouldContain("refused with 401");
        Error.ShouldContain("Gateway__WebhookToken");
        await app.StopAsync(Cancel);
    }

    [Fact]
    public async Task Replay_BadFiles_AreNamedAndTheOthersGo()
    {
        await using var app = host.Build();
        using var http = await TestHost.StartAsync(app);
        var text = Path.Combine(host.Folder, "text.json");
        await File.WriteAllTextAsync(text, "no json", Cancel);
        var list = Path.Combine(host.Folder, "list.json");
        await File.WriteAllTextAsync(list, "[]", Cancel);
        var other = Path.Combine(host.Folder, "other.json");
        await File.WriteAllTextAsync(other, "{}", Cancel);

        (await ReplayAsync(http.BaseAddress!, [Path.Combine(host.Folder, "missing.json"), text, list, other, Write("good")])).ShouldBe(1);

        Error.ShouldContain("missing.json: there is no such file.");
        Error.ShouldContain("text.json: is no JSON");
        Error.ShouldContain("list.json: is no webhook");
        Error.ShouldContain("other.json: refused with 400");
        Output.ShouldContain("good.json: 1 accepted");
        await app.StopAsync(Cancel);
    }

    [Fact]
    public async Task Replay_NothingListens_SaysWhatToDo()
    {
        (await ReplayAsync(new Uri("http://127.0.0.1:9"), [Write("good")])).ShouldBe(1);

        Error.ShouldContain("nothing answers at http://127.0.0.1:9/webhooks/alertmanager");
        Error.ShouldContain("--url");
    }

    [Fact]
    public async Task Replay_AnotherServer_IsNotTakenForAGateway()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, "{}"));

        (await ReplayAsync(new Uri(server.Url), [Write("good")])).ShouldBe(1);

        Error.ShouldContain("no gateway of ours");
    }

    [Theory]
    [InlineData(2, 0, 3)]
    [InlineData(10, 1, 4)]
    public async Task Replay_Unavailable_IsTriedAgainAFewTimes(int failures, int exitCode, int tries)
    {
        var calls = 0;
        await using var server = await LoopbackServer.AnswerAsync((_, _) => Task.FromResult(Interlocked.Increment(ref calls) <= failures
            ? new WireAnswer(503, """{"detail":"The alerts could not be stored safely; send them again."}""")
            : new WireAnswer(200, """{"accepted":1,"setAside":[],"truncatedAlerts":0}""")));
        var time = new FakeTimeProvider();

        var replay = ReplayCommand.ExecuteAsync([Write("good")], new Uri(server.Url), now: false, [], streams, time, Cancel);
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return replay.IsCompleted;
            },
            "it ends");

        (await replay).ShouldBe(exitCode);
        calls.ShouldBe(tries);
        (exitCode == 0 ? Output : Error).ShouldContain(exitCode == 0 ? "1 accepted" : "It was tried 4 times.");
    }

    [Fact]
    public async Task Replay_Now_MovesAllFilesTogether()
    {
        await using var app = host.Build();
        using var http = await TestHost.StartAsync(app);
        string[] files = [Write("firing-single"), Write("resolved-single")];
        var before = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();

        (await ReplayCommand.ExecuteAsync(files, http.BaseAddress, now: true, [], streams, TimeProvider.System, Cancel)).ShouldBe(0, Error);

        await Eventually.TrueAsync(async () => await AlertsAsync(app) is [{ EndsAt: not null }], "both are one alert, which is over");
        var alert = (await AlertsAsync(app)).ShouldHaveSingleItem();
        alert.EndsAt!.Value.ShouldBeInRange(before.AddSeconds(-1), before.AddMinutes(1));
        (alert.EndsAt.Value - alert.StartsAt).ShouldBe(RecordedDuration(), TimeSpan.FromMilliseconds(1));
        await app.StopAsync(Cancel);
    }

    [Theory]
    [InlineData("http://0.0.0.0:9000", "http://localhost:9000/")]
    [InlineData("http://+:9000;http://+:9001", "http://localhost:9000/")]
    [InlineData("http://[::]:9000", "http://localhost:9000/")]
    [InlineData("http://gateway:9000", "http://gateway:9000/")]
    [InlineData(null, "http://localhost:8080/")]
    public void ListeningAddress_OfTheConfiguration_IsCallable(string? urls, string address) =>
        ReplayCommand.ListeningAddress(new ConfigurationBuilder().AddInMemoryCollection([new("urls", urls)]).Build()).ToString().ShouldBe(address);

    private static TimeSpan RecordedDuration()
    {
        var alert = Payloads.Json("resolved-single")["alerts"]![0]!;
        return Time("endsAt") - Time("startsAt");

        DateTimeOffset Time(string field) => DateTimeOffset.Parse(alert[field]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<List<IncidentAlert>> AlertsAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Alerts.AsNoTracking().ToListAsync(Cancel);
    }

    private string Write(string name, Action<JsonObject>? change = null)
    {
        var webhook = Payloads.Json(name.Contains("single", StringComparison.Ordinal) ? name : "firing-single");
        change?.Invoke(webhook);
        var file = Path.Combine(host.Folder, $"{name}.json");
        File.WriteAllText(file, webhook.ToJsonString());
        return file;
    }

    private Task<int> ReplayAsync(Uri gateway, string[] files, params string[] settings) =>
        CommandLine.Root().Parse(["replay", .. files, "--url", gateway.ToString(), .. settings]).InvokeAsync(streams, Cancel);
}
