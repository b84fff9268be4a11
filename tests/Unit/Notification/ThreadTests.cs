using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Notification.Slack;
using AlertResponder.Resilience;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Notification;

/// <summary>What a message has no room for, in a simulated Slack: one reply in its thread, whatever happens.</summary>
public sealed class ThreadTests : IAsyncLifetime
{
    private readonly Incident incident = Samples.Incident(version: 2);
    private TemporaryStore store = null!;
    private SlackSimulator slack = null!;
    private ServiceProvider upstreams = null!;
    private SlackMessenger messenger = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        slack = await SlackSimulator.StartAsync("xoxb-test", cancellationToken: Cancellation);
        upstreams = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddUpstream(UpstreamNames.Slack).BuildServiceProvider();
        var options = new SlackOptions { BotToken = "xoxb-test", Channel = SlackSimulator.AlertsChannel, ApiUrl = slack.ApiUrl.AbsoluteUri, PostsPerSecond = 1_000, UpdatesPerMinute = 60_000 };
        messenger = new SlackMessenger(SlackApi.Create(options), upstreams.GetRequiredKeyedService<Upstream>(UpstreamNames.Slack), options, new SlackChannels(options, TimeProvider.System, NullLogger<SlackChannels>.Instance), TimeProvider.System, NullLogger<SlackMessenger>.Instance);
        incident.AnalyzedRevision = 1;
        incident.AnalysisJson = Analysis(findings: 8);
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        messenger.Dispose();
        await upstreams.DisposeAsync();
        await slack.DisposeAsync();
        await store.DisposeAsync();
        slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Redraw_LongCard_TellsTheRestInOneReplyThatIsRedrawnWithIt()
    {
        await RedrawAsync();
        await ChangeAsync(version: 3, findings: 7);
        await RedrawAsync();

        slack.Messages.Count.ShouldBe(2);
        var (message, reply) = (slack.Messages[0], slack.Messages[1]);
        reply.ThreadTs.ShouldBe(message.Ts);
        message.Blocks.GetRawText().ShouldContain("More in the thread");
        reply.Blocks.GetRawText().ShouldContain("finding 7");
        reply.Blocks.GetRawText().ShouldNotContain("finding 8");
        reply.History.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Redraw_CardIsShortAgain_SaysSoInTheReply()
    {
        await RedrawAsync();
        await ChangeAsync(version: 3, findings: 1);
        await RedrawAsync();

        slack.Messages.Count.ShouldBe(2);
        slack.Messages[0].Blocks.GetRawText().ShouldNotContain("More in the thread");
        slack.Messages[1].Blocks.GetRawText().ShouldContain("Everything is in the message above now.");
    }

    [Fact]
    public async Task Redraw_WorkerDiedBeforeItRecorded_FindsMessageAndReplyByTheirMetadata()
    {
        await RedrawAsync();

        // What the store looks like when a process ends between posting and recording.
        var past = Samples.Start.AddSeconds(1);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set
                .SetProperty(i => i.MessageChannel, (string?)null).SetProperty(i => i.MessageTs, (string?)null)
                .SetProperty(i => i.ThreadTs, (string?)null).SetProperty(i => i.ThreadHash, (string?)null)
                .SetProperty(i => i.DrawnVersion, 0).SetProperty(i => i.DrawClaimedUntil, past),
            Cancellation));
        await RedrawAsync();

        slack.Messages.Count.ShouldBe(2);
        var drawn = await store.IncidentAsync(incident.Id);
        (drawn.MessageTs, drawn.ThreadTs, drawn.DrawnVersion).ShouldBe((slack.Messages[0].Ts, slack.Messages[1].Ts, 2));
    }

    private static string Analysis(int findings)
    {
        var analysis = Samples.Analysis(Guid.Empty);
        return StoredJson.Write(analysis with
        {
            Diagnosis = analysis.Diagnosis with
            {
                Findings = [.. Enumerable.Range(1, findings).Select(number => new Finding("rule", $"This is finding {number}: {new string('f', 170)}", []))],
            },
        });
    }

    private Task ChangeAsync(int version, int findings)
    {
        var json = Analysis(findings);
        return store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.Version, version).SetProperty(i => i.AnalysisJson, json), Cancellation));
    }

    private async Task RedrawAsync()
    {
        await using var scope = store.Open();
        await new Redrawer(scope.Context, messenger, TimeProvider.System, NullLogger<Redrawer>.Instance).RedrawAsync(incident.Id, Cancellation);
    }
}
