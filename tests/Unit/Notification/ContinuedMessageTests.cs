using AlertResponder.Connections.Slack;
using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Notification.Slack;
using AlertResponder.Resilience;
using AlertResponder.Simulators.Slack;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Notification;

/// <summary>Messages that can no longer be updated, and channels that cannot be posted to, in a simulated Slack.</summary>
public sealed class ContinuedMessageTests : IAsyncLifetime
{
    private const string Old = SlackSimulator.AlertsChannel;
    private const string New = "C0NEWONE01";
    private const string Fallback = "C0FALLBACK";

    private readonly Incident incident = Samples.Incident(version: 2);
    private readonly WatchedTimeProvider time = new(Samples.Start);
    private TemporaryStore store = null!;
    private SlackSimulator slack = null!;
    private ServiceProvider upstreams = null!;
    private readonly List<SlackMessenger> messengers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        var channels = new Dictionary<string, string>(StringComparer.Ordinal) { [Old] = "alerts", [New] = "alerts-new", [Fallback] = "spare" };
        slack = await SlackSimulator.StartAsync("xoxb-test", channels, cancellationToken: Cancellation);
        upstreams = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddUpstream(UpstreamNames.Slack).BuildServiceProvider();
        incident.AnalyzedRevision = 1;
        incident.AnalysisJson = StoredJson.Write(Samples.Analysis(incident.Id));
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        messengers.ForEach(messenger => messenger.Dispose());
        await upstreams.DisposeAsync();
        await slack.DisposeAsync();
        await store.DisposeAsync();
        slack.AssertNoUnexpectedCalls();
    }

    public static TheoryData<string, Action<SlackSimulator, string>> Ends() => new()
    {
        { "is_archived", (slack, _) => slack.Archive(Old) },
        { "not_in_channel", (slack, _) => slack.RemoveBot(Old) },
        { "channel_not_found", (slack, _) => slack.DeleteChannel(Old) },
        { "message_not_found", (slack, ts) => slack.Delete(Old, ts) },
        { "edit_window_closed", (slack, _) => slack.EditWindowClosed = true },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Redraw_MessageCanNoLongerBeUpdated_IsContinuedOnceInTheConfiguredChannel(string reason, Action<SlackSimulator, string> end)
    {
        await RedrawAsync(Board(Old));
        var first = slack.Messages.ShouldHaveSingleItem();

        // The process is restarted with another channel.
        var board = Board(New);
        end(slack, first.Ts);
        await ChangeAsync();
        await RedrawAsync(board);
        slack.EditWindowClosed = false;
        await ChangeAsync();
        await RedrawAsync(board);

        var second = slack.Messages.Where(message => message.Channel == New).ShouldHaveSingleItem();
        second.History.Count.ShouldBe(1, "it is updated from then on");
        second.Blocks.GetRawText().ShouldContain("Continued from ");
        var drawn = await store.IncidentAsync(incident.Id);
        (drawn.MessageChannel, drawn.MessageTs, drawn.MessageNumber, drawn.ContinuedFrom, drawn.ContinuedBecause, drawn.DrawnVersion, drawn.DrawClaimedUntil)
            .ShouldBe((New, second.Ts, 1, Old, reason, 4, null));
    }

    [Fact]
    public async Task Redraw_ChannelWasChangedButTheMessageCanBeUpdated_StaysWithIt()
    {
        await RedrawAsync(Board(Old));
        await ChangeAsync();

        await RedrawAsync(Board(New));

        slack.Messages.ShouldHaveSingleItem().History.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Redraw_EditWindowClosed_WorkerDiedBetweenPostAndRecord_FindsTheNewMessageNotTheOld()
    {
        var board = Board(Old);
        await RedrawAsync(board);
        slack.EditWindowClosed = true;
        await ChangeAsync();
        await RedrawAsync(board);
        slack.EditWindowClosed = false;
        slack.Messages.Count.ShouldBe(2);

        // What the store looks like when a process ends between posting and recording.
        var past = Samples.Start.AddSeconds(1);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.MessageChannel, (string?)null).SetProperty(i => i.MessageTs, (string?)null)
                .SetProperty(i => i.DrawnVersion, 2).SetProperty(i => i.DrawClaimedUntil, past),
            Cancellation));
        await RedrawAsync(board);

        slack.Messages.Count.ShouldBe(2);
        (await store.IncidentAsync(incident.Id)).MessageTs.ShouldBe(slack.Messages[1].Ts);
    }

    [Fact]
    public async Task Redraw_WorkerDiedBetweenPostAndRecordAndTheChannelWasChanged_FindsItInTheOldOne()
    {
        await RedrawAsync(Board(Old));
        var past = Samples.Start.AddSeconds(1);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.MessageTs, (string?)null).SetProperty(i => i.DrawnVersion, 0).SetProperty(i => i.DrawClaimedUntil, past), Cancellation));

        await RedrawAsync(Board(New));

        var message = slack.Messages.ShouldHaveSingleItem();
        (message.Channel, message.History.Count).ShouldBe((Old, 1));
        var drawn = await store.IncidentAsync(incident.Id);
        (drawn.MessageChannel, drawn.MessageTs).ShouldBe((Old, message.Ts));
    }

    [Fact]
    public async Task Redraw_WorkerDiedBeforeThePostAndTheChannelWasChanged_PostsOnceInTheNewOne()
    {
        var past = Samples.Start.AddSeconds(1);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.MessageChannel, Old).SetProperty(i => i.DrawClaimedUntil, past), Cancellation));

        await RedrawAsync(Board(New));

        slack.Messages.ShouldHaveSingleItem().Channel.ShouldBe(New);
        (await store.IncidentAsync(incident.Id)).MessageChannel.ShouldBe(New);
    }

    [Fact]
    public async Task Redraw_WorkerDiedBetweenRecordAndPost_PostsOnce()
    {
        var board = Board(New);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.MessageNumber, 1).SetProperty(i => i.ContinuedFrom, Old).SetProperty(i => i.ContinuedBecause, "is_archived").SetProperty(i => i.DrawnVersion, 1),
            Cancellation));

        await RedrawAsync(board);
        await RedrawAsync(board);

        slack.Messages.ShouldHaveSingleItem().Blocks.GetRawText().ShouldContain("the channel is archived");
    }

    [Fact]
    public async Task Redraw_ManyAtOnceOfAMessageThatIsGone_ContinueItOnce()
    {
        await RedrawAsync(Board(Old));
        slack.Archive(Old);
        await ChangeAsync();
        var board = Board(New);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            try
            {
                await RedrawAsync(board);
            }
            catch (RedrawBusyException)
            {
                // The bus would deliver it again.
            }
        }, Cancellation)));
        await RedrawAsync(board);

        slack.Messages.Count(message => message.Channel == New).ShouldBe(1);
    }

    [Fact]
    public async Task Redraw_OnlyChannelIsArchived_WaitsWithAnAlarmAndIsContinuedThereOnceItWorksAgain()
    {
        var (board, channels) = (Board(Old), messengersChannels[^1]);
        var watch = Watch(board, channels);
        await RedrawAsync(board);
        slack.Archive(Old);
        await ChangeAsync();

        await Should.ThrowAsync<BoardUnusableException>(RedrawAsync(board));

        channels.Alarm.ShouldNotBeNull().ShouldContain("is_archived");
        var waiting = await store.IncidentAsync(incident.Id);
        (waiting.MessageNumber, waiting.DrawnVersion, waiting.DrawClaimedUntil).ShouldBe((1, 2, null));

        time.Advance(SlackChannels.TryAgainAfter);
        await watch.LookAsync(Cancellation);
        channels.Alarm.ShouldNotBeNull("it is still archived");
        slack.Unarchive(Old);
        time.Advance(SlackChannels.TryAgainAfter);
        await watch.LookAsync(Cancellation);

        channels.Alarm.ShouldBeNull();
        (await store.IncidentAsync(incident.Id)).DriveAt.ShouldBe(time.GetUtcNow(), "the watchdog has it drawn");
        await RedrawAsync(board);
        slack.Messages.Select(message => (message.Channel, message.History.Count)).ShouldBe([(Old, 0), (Old, 0), (Old, 0)]);
        slack.Messages[1].Text.ShouldBe("✅ Messages can be posted here again.");
    }

    [Fact]
    public async Task Look_First_HasDrawnWhatTheProcessBeforeOwed()
    {
        var watch = Watch(Board(Old), messengersChannels[^1]);
        await watch.LookAsync(Cancellation);
        var driven = (await store.IncidentAsync(incident.Id)).DriveAt;
        time.Advance(TimeSpan.FromSeconds(5));

        await watch.LookAsync(Cancellation);

        driven.ShouldBe(time.GetUtcNow() - TimeSpan.FromSeconds(5));
        (await store.IncidentAsync(incident.Id)).DriveAt.ShouldBe(driven, "once");
    }

    [Fact]
    public async Task Redraw_ChannelRefusesAndThereIsAFallback_IsShownThereAndStaysThere()
    {
        slack.RemoveBot(Old);
        var (board, channels) = (Board(Old, Fallback), messengersChannels[^1]);
        var watch = Watch(board, channels);

        await RedrawAsync(board);
        await watch.LookAsync(Cancellation);
        await watch.LookAsync(Cancellation);

        channels.Alarm.ShouldNotBeNull().ShouldEndWith($"they go to {Fallback}.");
        slack.Messages.Select(message => message.Channel).ShouldBe([Fallback, Fallback]);
        slack.Messages[1].Text.ShouldBe($"⚠️ {Old} cannot be posted to (not_in_channel): until it can, new incidents are shown here.");

        slack.InviteBot(Old);
        time.Advance(SlackChannels.TryAgainAfter);
        await watch.LookAsync(Cancellation);
        await ChangeAsync();
        await RedrawAsync(board);

        channels.Alarm.ShouldBeNull();
        slack.Messages[0].History.Count.ShouldBe(1);
        slack.Messages[^1].Channel.ShouldBe(Old);
    }

    [Fact]
    public async Task Redraw_ChannelOfAMessageIsArchivedAndThereIsAFallback_IsContinuedThere()
    {
        var board = Board(Old, Fallback);
        await RedrawAsync(board);
        slack.Archive(Old);
        await ChangeAsync();

        await RedrawAsync(board);

        slack.Messages.Select(message => message.Channel).ShouldBe([Old, Fallback]);
        (await store.IncidentAsync(incident.Id)).MessageChannel.ShouldBe(Fallback);
    }

    [Fact]
    public async Task Look_SeveralProcesses_OneNoteForEachChange()
    {
        slack.RemoveBot(Old);
        var watches = Enumerable.Range(0, 3).Select(_ => Watch(Board(Old, Fallback), messengersChannels[^1])).ToArray();
        await RedrawAsync(messengers[0]);
        messengersChannels[1].Refuses(Old, "not_in_channel");

        // The third has not posted anything; it hears of it from the store.
        await LookAsync(watches);
        await LookAsync(watches);
        messengersChannels.ShouldAllBe(channels => channels.Usable == Fallback);
        Notes("⚠️").ShouldBe(1);

        slack.InviteBot(Old);
        time.Advance(SlackChannels.TryAgainAfter);
        await LookAsync(watches);
        await LookAsync(watches);
        messengersChannels.ShouldAllBe(channels => channels.Alarm == null);
        Notes("✅").ShouldBe(1);

        // The next time is another change.
        slack.RemoveBot(Old);
        time.Advance(TimeSpan.FromSeconds(1));
        messengersChannels[2].Refuses(Old, "not_in_channel");
        await LookAsync(watches);
        await LookAsync(watches);
        Notes("⚠️").ShouldBe(2);
    }

    [Fact]
    public async Task Look_SlackDoesNotAnswer_GivesUpBeforeTheClaimEnds()
    {
        slack.RemoveBot(Old);
        var watch = Watch(Board(Old, Fallback), messengersChannels[^1]);
        await RedrawAsync(messengers[0]);
        using var hanging = slack.Faults.Always(Fault.Hang);
        var looking = watch.LookAsync(Cancellation);
        await Eventually.TrueAsync(() => store.ReadAsync(context => context.ChannelOutages.AnyAsync(outage => outage.ClaimedUntil != null, Cancellation)), "it is claimed");

        time.Advance(TimeSpan.FromSeconds(50));

        await Should.ThrowAsync<OperationCanceledException>(looking.WaitAsync(TimeSpan.FromSeconds(5), Cancellation));
    }

    [Fact]
    public async Task Look_ProcessIsStartedAnewMeanwhile_SaysNothingTwice()
    {
        slack.RemoveBot(Old);
        var before = Watch(Board(Old, Fallback), messengersChannels[^1]);
        await RedrawAsync(messengers[0]);
        await before.LookAsync(Cancellation);

        var after = Watch(Board(Old, Fallback), messengersChannels[^1]);
        await after.LookAsync(Cancellation);
        messengersChannels[^1].Usable.ShouldBe(Fallback);
        slack.InviteBot(Old);
        time.Advance(SlackChannels.TryAgainAfter);
        await after.LookAsync(Cancellation);

        (Notes("⚠️"), Notes("✅")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Look_WorkerDiedBetweenNoteAndRecord_FindsTheNote()
    {
        slack.RemoveBot(Old);
        var watch = Watch(Board(Old, Fallback), messengersChannels[^1]);
        await RedrawAsync(messengers[0]);
        await watch.LookAsync(Cancellation);
        await DieAsync();
        await watch.LookAsync(Cancellation);
        Notes("⚠️").ShouldBe(1);

        slack.InviteBot(Old);
        time.Advance(SlackChannels.TryAgainAfter);
        await watch.LookAsync(Cancellation);
        await DieAsync();
        var after = Watch(Board(Old, Fallback), messengersChannels[^1]);
        time.Advance(SlackChannels.TryAgainAfter);
        await after.LookAsync(Cancellation);
        Notes("✅").ShouldBe(1);
        (await store.ReadAsync(context => context.ChannelOutages.SingleAsync(Cancellation))).EndedAt.ShouldNotBeNull();

        // What the store looks like then.
        async Task DieAsync()
        {
            var claimed = time.GetUtcNow();
            await store.ReadAsync(context => context.ChannelOutages.ExecuteUpdateAsync(
                set => set.SetProperty(o => o.ToldAt, (DateTimeOffset?)null).SetProperty(o => o.EndedAt, (DateTimeOffset?)null).SetProperty(o => o.ClaimedUntil, claimed), Cancellation));
        }
    }

    private int Notes(string icon) => slack.Messages.Count(message => message.Text.StartsWith(icon, StringComparison.Ordinal));

    private static async Task LookAsync(IEnumerable<SlackChannelWatch> watches)
    {
        foreach (var watch in watches)
        {
            await watch.LookAsync(Cancellation);
        }
    }

    private readonly List<SlackChannels> messengersChannels = [];

    private SlackMessenger Board(string channel, string? fallback = null)
    {
        var options = new SlackOptions
        {
            BotToken = "xoxb-test", Channel = channel, FallbackChannel = fallback, ApiUrl = slack.ApiUrl.AbsoluteUri, PostsPerSecond = 1_000, UpdatesPerMinute = 60_000,
        };
        messengersChannels.Add(new SlackChannels(options, time, NullLogger<SlackChannels>.Instance));
        messengers.Add(new SlackMessenger(
            SlackApi.Create(options), upstreams.GetRequiredKeyedService<Upstream>(UpstreamNames.Slack), options, messengersChannels[^1], TimeProvider.System, NullLogger<SlackMessenger>.Instance));
        return messengers[^1];
    }

    private SlackChannelWatch Watch(SlackMessenger board, SlackChannels channels) => new(
        channels, board, new UntoldAnswers(store.Scopes, isAlone: true, null!, time, NullLogger<UntoldAnswers>.Instance), store.Scopes, time, NullLogger<SlackChannelWatch>.Instance);

    private Task ChangeAsync() =>
        store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.Version, i => i.Version + 1), Cancellation));

    private async Task RedrawAsync(SlackMessenger board)
    {
        await using var scope = store.Open();
        await new Redrawer(scope.Context, board, TimeProvider.System, NullLogger<Redrawer>.Instance).RedrawAsync(incident.Id, Cancellation);
    }
}
