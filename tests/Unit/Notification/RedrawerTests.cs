using System.Diagnostics;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Notification.Cards;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using AlertResponder.Tests.Unit.Tracing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class RedrawerTests : IAsyncLifetime
{
    private readonly WatchedTimeProvider time = new(Samples.Start.AddTicks(7));
    private readonly Board board = new();
    private readonly Incident incident = Samples.Incident(version: 2);
    private TemporaryStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        incident.AnalyzedRevision = 1;
        incident.AnalysisJson = StoredJson.Write(Samples.Analysis(incident.Id));
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Redraw_FirstTime_PostsAndRecordsWhere()
    {
        await RedrawAsync();

        board.Calls.ShouldBe(["post v2"]);
        var drawn = await store.IncidentAsync(incident.Id);
        (drawn.MessageChannel, drawn.MessageTs, drawn.DrawnVersion, drawn.DrawClaimedUntil, drawn.Drives).ShouldBe(("C1", "1", 2, null, 0));
    }

    [Fact]
    public async Task Redraw_CannotBeDrawnWhole_IsLoggedOnceWithItsStackAndWithoutItsText()
    {
        var broken = JsonNode.Parse(incident.AnalysisJson!)!;
        broken["diagnosis"]!["findings"] = new JsonArray((JsonNode?)null);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.AnalysisJson, broken.ToJsonString()), Cancellation));
        Logs logs = new();
        await using var scope = store.Open();

        await new Redrawer(scope.Context, board, time, logs).RedrawAsync(incident.Id, Cancellation);

        var logged = logs.Failures.ShouldHaveSingleItem();
        logged.ToString().ShouldContain(nameof(NullReferenceException));
        logged.ToString().ShouldContain("IncidentCard.");
        logged.ToString().ShouldNotContain("Object reference");
        board.Calls.ShouldBe(["post v2"]);
    }

    [Fact]
    public async Task Redraw_FirstTimeOfACriticalAlert_TakesAnUrgentTurn()
    {
        await store.ChangeAsync(context =>
        {
            context.Alerts.Add(Urgent(incident.Id));
            return Task.CompletedTask;
        });
        board.PostTurns = 0;
        await using var scope = store.Open();
        var redrawer = new Redrawer(scope.Context, board, time, NullLogger<Redrawer>.Instance);

        (await redrawer.TryRedrawAsync(incident.Id, atOnce: true, Cancellation)).ShouldBe(RedrawLane.UrgentPost);
        board.Calls.ShouldBeEmpty();
        await redrawer.RedrawAsync(incident.Id, Cancellation);

        board.Calls.ShouldBe(["urgent turn", "post v2"]);
    }

    [Fact]
    public async Task TryRedraw_FirstMessageWithoutATurn_IsLeftToTheCaller()
    {
        board.PostTurns = 0;
        await using var scope = store.Open();

        (await new Redrawer(scope.Context, board, time, NullLogger<Redrawer>.Instance).TryRedrawAsync(incident.Id, atOnce: true, Cancellation)).ShouldBe(RedrawLane.Post);

        board.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Late_CriticalIncidentAfterAStorm_IsThenNext()
    {
        var storm = Enumerable.Range(3, 500).Select(Another).ToList();
        var critical = Another(1_000);
        await store.ChangeAsync(context =>
        {
            context.Incidents.AddRange([.. storm, critical]);
            context.Alerts.Add(Urgent(critical.Id));
            return Task.CompletedTask;
        });
        using var gate = new RateGate(1, TimeSpan.FromSeconds(1), time);
        board.Posts = gate;
        using var late = await StartLateAsync();
        foreach (var other in storm)
            late.Add(other.Id, RedrawLane.Post, TimeSpan.Zero);
        await PostedAsync(20);

        late.Add(critical.Id, RedrawLane.Post, TimeSpan.Zero);
        late.Add(critical.Id, RedrawLane.UrgentPost, TimeSpan.Zero);
        await board.UrgentTurnAwaited.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await PostedAsync(22);

        board.Calls.Take(20).ShouldBe(storm.Take(20).Select(other => $"post v{other.Version}"), ignoreOrder: true);
        board.Calls.Skip(20).Take(2).ShouldContain("post v1000");
        await PostedAsync(60);
        board.Calls.Distinct().Count().ShouldBe(60);
        await late.StopAsync(Cancellation);

        async Task PostedAsync(int count)
        {
            await Eventually.TrueAsync(() => board.Calls.Count > 0, "the first one has its turn at once");
            for (var calls = board.Calls.Count; calls < count; calls++)
            {
                // Not the deadline of a drawing.
                await Eventually.TrueAsync(() => time.Waits.Any(wait => wait <= TimeSpan.FromSeconds(1)), "the next one waits for its turn");
                time.Advance(TimeSpan.FromSeconds(1));
                await Eventually.TrueAsync(() => board.Calls.Count == calls + 1, "a turn is taken");
            }
        }

        Incident Another(int version)
        {
            var another = Samples.Incident(new Subject("CronJob", "cardboard", $"price-scraper-{version}"), version: version);
            (another.AnalyzedRevision, another.AnalysisJson) = (1, StoredJson.Write(Samples.Analysis(another.Id)));
            return another;
        }
    }

    [Fact]
    public async Task Redraw_NewerVersion_UpdatesTheSameMessage()
    {
        await RedrawAsync();
        await ChangeAsync(version: 3);

        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "update 1 v3"]);
        (await store.IncidentAsync(incident.Id)).DrawnVersion.ShouldBe(3);
    }

    [Fact]
    public async Task Redraw_NothingNew_DoesNothing()
    {
        await RedrawAsync();

        await RedrawAsync();

        board.Calls.ShouldBe(["post v2"]);
    }

    [Fact]
    public async Task Redraw_BeforeTheAnalysis_DoesNothing()
    {
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.AnalyzedRevision, 0), Cancellation));

        await RedrawAsync();

        board.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Redraw_AnalysisTakesTooLong_ShowsTheAlertAloneAndTheAnalysisInItsPlace()
    {
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.AnalyzedRevision, 0), Cancellation));
        time.Advance(incident.OpenedAt + IncidentProgress.AloneAfter - time.GetUtcNow());

        await RedrawAsync();
        board.Calls.ShouldBe(["post v2"]);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.AnalyzedRevision, 1).SetProperty(i => i.Version, i => i.Version + 1), Cancellation));
        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "update 1 v3"]);
    }

    [Fact]
    public async Task Redraw_UnknownIncident_DoesNothing()
    {
        await using var scope = store.Open();

        await new Redrawer(scope.Context, board, time, NullLogger<Redrawer>.Instance).RedrawAsync(Guid.NewGuid(), Cancellation);

        board.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Redraw_TwoAtOnce_OneDrawsAndTheOtherIsToldToWait()
    {
        var (posting, go) = board.HoldNextPost();
        var first = RedrawAsync();
        await posting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        await Should.ThrowAsync<RedrawBusyException>(RedrawAsync());
        go();
        await first;
        await RedrawAsync();

        board.Calls.ShouldBe(["post v2"]);
    }

    [Fact]
    public async Task Redraw_ManyAtOnce_PostOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () =>
        {
            try
            {
                await RedrawAsync();
            }
            catch (RedrawBusyException)
            {
                // The bus would deliver it again.
            }
        }, Cancellation)));

        board.Calls.ShouldBe(["post v2"]);
    }

    [Fact]
    public async Task Redraw_AnotherDrewBetweenReadAndClaim_PostsNoSecondMessage()
    {
        // The clock is read between the two.
        var interrupted = new InterruptedTime(time, () => RedrawAsync().Wait(Cancellation));

        await Should.ThrowAsync<RedrawBusyException>(RedrawAsync(interrupted));

        board.Calls.ShouldBe(["post v2"]);
        (await store.IncidentAsync(incident.Id)).DrawClaimedUntil.ShouldBeNull();
    }

    [Fact]
    public async Task Redraw_AfterAFailedPost_SearchesFirstAndPostsWhatIsNotThere()
    {
        board.Fail("post", arrives: false);
        await Should.ThrowAsync<IOException>(RedrawAsync());

        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "find", "post v2"]);
        (await store.IncidentAsync(incident.Id)).MessageTs.ShouldBe("1");
    }

    [Fact]
    public async Task Redraw_AfterAPostThatArrivedAllTheSame_UpdatesWhatItFinds()
    {
        board.Fail("post", arrives: true);
        await Should.ThrowAsync<IOException>(RedrawAsync());

        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "find", "update 1 v2"]);
        var drawn = await store.IncidentAsync(incident.Id);
        (drawn.MessageTs, drawn.DrawnVersion, drawn.DrawClaimedUntil).ShouldBe(("1", 2, null));
        (board.FoundSince, board.FoundIn).ShouldBe((incident.OpenedAt, "C1"), "where it was going to be was recorded before the post");
    }

    [Fact]
    public async Task Redraw_SearchFails_SearchesAgainNextTime()
    {
        board.Fail("post", arrives: true);
        await Should.ThrowAsync<IOException>(RedrawAsync());
        board.Fail("find", arrives: false);
        await Should.ThrowAsync<IOException>(RedrawAsync());

        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "find", "find", "update 1 v2"]);
    }

    [Fact]
    public async Task Redraw_UpdateFails_UpdatesTheSameMessageNextTime()
    {
        await RedrawAsync();
        await ChangeAsync(version: 3);
        board.Fail("update", arrives: false);
        await Should.ThrowAsync<IOException>(RedrawAsync());

        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "update 1 v3", "update 1 v3"]);
    }

    [Fact]
    public async Task Redraw_MessageWasDeleted_PostsAnew()
    {
        await RedrawAsync();
        await ChangeAsync(version: 3);
        board.Delete("1");

        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "update 1 v3", "post v3"]);
        var drawn = await store.IncidentAsync(incident.Id);
        (drawn.MessageTs, drawn.MessageNumber, drawn.ContinuedFrom, drawn.ContinuedBecause).ShouldBe(("2", 1, "C1", "message_not_found"));
    }

    [Fact]
    public async Task Redraw_WorkerDiedWhileDrawing_WaitsForItsClaimThenSearches()
    {
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.DrawClaimedUntil, Samples.Start.AddSeconds(40)), Cancellation));

        time.Advance(TimeSpan.FromSeconds(39));
        await Should.ThrowAsync<RedrawBusyException>(RedrawAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        await RedrawAsync();

        board.Calls.ShouldBe(["find", "post v2"]);
    }

    [Fact]
    public async Task Redraw_TakesTooLong_GivesUpBeforeItsClaimEnds()
    {
        var (posting, _) = board.HoldNextPost();
        var redraw = RedrawAsync();
        await posting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        time.Advance(TimeSpan.FromSeconds(30));

        await Should.ThrowAsync<TimeoutException>(redraw);
        (await store.IncidentAsync(incident.Id)).DrawClaimedUntil.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(time.GetUtcNow());
    }

    [Fact]
    public async Task Redraw_WhileItIsDrawnSomethingChanges_DrawsThatNext()
    {
        var (posting, go) = board.HoldNextPost();
        var first = RedrawAsync();
        await posting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await ChangeAsync(version: 3);
        go();
        await first;

        (await store.IncidentAsync(incident.Id)).DrawnVersion.ShouldBe(2);
        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "update 1 v3"]);
    }

    [Fact]
    public async Task Redraw_ClaimWasLostMeanwhile_DoesNotRecordItsOlderVersion()
    {
        var (posting, go) = board.HoldNextPost();
        var slow = RedrawAsync();
        await posting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        var claim = Samples.Start.AddHours(1);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.DrawClaimedUntil, claim).SetProperty(i => i.DrawnVersion, 7).SetProperty(i => i.Version, 7).SetProperty(i => i.MessageTs, "9"), Cancellation));

        go();
        await slow;

        var after = await store.IncidentAsync(incident.Id);
        (after.DrawnVersion, after.MessageTs, after.DrawClaimedUntil).ShouldBe((7, "9", claim));
    }

    [Fact]
    public async Task Redraw_TurnIsLongInComing_PostsAllTheSame()
    {
        var go = board.HoldNextTurn();
        var redraw = RedrawInTurnAsync();
        await board.TurnAwaited.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        (await store.IncidentAsync(incident.Id)).DrawClaimedUntil.ShouldBeNull("others may look at it meanwhile");

        time.Advance(TimeSpan.FromMinutes(8));
        go();
        await redraw;

        board.Calls.ShouldBe(["post v2"]);
    }

    [Fact]
    public async Task Redraw_WhileItWaitsForItsTurnAnotherPosts_PostsNoSecondMessage()
    {
        var go = board.HoldNextTurn();
        var redraw = RedrawInTurnAsync();
        await board.TurnAwaited.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await RedrawAsync();
        go();
        await redraw;

        board.Calls.ShouldBe(["post v2"]);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task TryRedraw_UpdateThatCannotOrNeedNotBeNow_IsLeftToTheCaller(bool atOnce, bool hasTurn)
    {
        await RedrawAsync();
        await ChangeAsync(version: 3);
        board.HasUpdateTurn = hasTurn;
        await using var scope = store.Open();
        var redrawer = new Redrawer(scope.Context, board, time, NullLogger<Redrawer>.Instance);

        (await redrawer.TryRedrawAsync(incident.Id, atOnce, Cancellation)).ShouldBe(RedrawLane.Update);
        board.Calls.ShouldBe(["post v2"]);
        await redrawer.RedrawAsync(incident.Id, Cancellation);

        board.Calls.ShouldBe(["post v2", "update 1 v3"]);
    }

    [Fact]
    public async Task TryRedraw_FirstMessage_DoesNotWaitForAQuietTime()
    {
        board.HasUpdateTurn = false;
        await using var scope = store.Open();

        (await new Redrawer(scope.Context, board, time, NullLogger<Redrawer>.Instance).TryRedrawAsync(incident.Id, atOnce: false, Cancellation)).ShouldBeNull();

        board.Calls.ShouldBe(["post v2"]);
    }

    [Fact]
    public async Task Redraw_MoreThanTheMessageHolds_RepliesOnceAndRedrawsTheReplyInPlace()
    {
        board.TooMuch = "eight more findings";
        await RedrawAsync();
        await ChangeAsync(version: 3);
        await RedrawAsync();
        board.TooMuch = "nine more findings";
        await ChangeAsync(version: 4);
        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "reply 1 ?", "update 1 v3", "update 1 v4", "reply 1 r1"]);
        board.Replies["1"].ShouldBe("nine more findings");
    }

    [Fact]
    public async Task Redraw_MessageHasRoomAgain_SaysSoInTheThread()
    {
        board.TooMuch = "eight more findings";
        await RedrawAsync();
        board.TooMuch = null;
        await ChangeAsync(version: 3);
        await RedrawAsync();
        await ChangeAsync(version: 4);
        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "reply 1 ?", "update 1 v3", "reply 1 r1", "update 1 v4"]);
        board.Replies["1"].ShouldBe("Everything is in the message above now.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redraw_ReplyFails_IsFoundOrPostedNextTime(bool arrives)
    {
        board.TooMuch = "eight more findings";
        board.Fail("reply", arrives);
        await Should.ThrowAsync<IOException>(RedrawAsync());
        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "reply 1 ?", "update 1 v2", "reply 1 ?"]);
        var drawn = await store.IncidentAsync(incident.Id);
        (drawn.DrawnVersion, drawn.ThreadTs, drawn.DrawClaimedUntil).ShouldBe((2, "r1", null));
    }

    [Fact]
    public async Task Redraw_MessageTakesNoReplies_IsUpToDateWithoutThem()
    {
        (board.TooMuch, board.NoThreads) = ("eight more findings", true);
        await RedrawAsync();
        await ChangeAsync(version: 3);
        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "reply 1 ?", "update 1 v3"]);
        (await store.IncidentAsync(incident.Id)).DrawnVersion.ShouldBe(3);
    }

    [Fact]
    public async Task Redraw_NoTurnForTheReply_ShowsTheMessageAndLeavesTheReplyForLater()
    {
        board.TooMuch = "eight more findings";
        board.PostTurns = 1;
        await using var scope = store.Open();
        var redrawer = new Redrawer(scope.Context, board, time, NullLogger<Redrawer>.Instance);

        (await redrawer.TryRedrawAsync(incident.Id, atOnce: true, Cancellation)).ShouldBe(RedrawLane.Update);
        var waiting = await store.IncidentAsync(incident.Id);
        (waiting.MessageTs, waiting.DrawnVersion, waiting.DrawClaimedUntil, waiting.ThreadTs).ShouldBe(("1", 0, null, null));
        await redrawer.RedrawAsync(incident.Id, Cancellation);

        board.Calls.ShouldBe(["post v2", "update 1 v2", "update 1 v2", "reply 1 ?"]);
        (await store.IncidentAsync(incident.Id)).DrawnVersion.ShouldBe(2);
    }

    [Fact]
    public async Task Redraw_MessageWithAThreadWasDeleted_RepliesToTheNewOne()
    {
        board.TooMuch = "eight more findings";
        await RedrawAsync();
        await ChangeAsync(version: 3);
        board.Delete("1");

        await RedrawAsync();

        board.Calls.ShouldBe(["post v2", "reply 1 ?", "update 1 v3", "post v3", "reply 2 ?"]);
    }

    [Fact]
    public async Task Late_ManyChangesWithinTheQuietTime_AreOneRedrawing()
    {
        await RedrawAsync();
        using var late = await StartLateAsync();
        for (var version = 3; version <= 12; version++)
        {
            await ChangeAsync(version);
            late.Add(incident.Id, RedrawLane.Update, LateRedraws.QuietTime);
        }

        time.Waits.ShouldBe([LateRedraws.QuietTime], "ten changes wait together");
        time.Advance(LateRedraws.QuietTime - TimeSpan.FromMilliseconds(1));
        board.Calls.ShouldBe(["post v2"]);
        time.Advance(TimeSpan.FromMilliseconds(1));

        await Eventually.TrueAsync(() => board.Calls.Count > 1, "the message is redrawn");
        board.Calls.ShouldBe(["post v2", "update 1 v12"]);
        await late.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Late_AskedForInTwoTraces_IsPartOfTheFirstAndLinksTheSecond()
    {
        using var heard = new HeardSpans();
        await RedrawAsync();
        using var late = await StartLateAsync();
        await ChangeAsync(3);
        List<ActivityTraceId> traces = [];
        for (var alert = 0; alert < 2; alert++)
        {
            using var asking = HeardSpans.Begin();
            late.Add(incident.Id, RedrawLane.Update, LateRedraws.QuietTime);
            traces.Add(asking.TraceId);
        }

        time.Advance(LateRedraws.QuietTime);

        await Eventually.TrueAsync(() => heard.Of(traces[0], "late redraw").Count > 0, "the span has ended");
        var redraw = heard.Of(traces[0], "late redraw").ShouldHaveSingleItem();
        redraw.Links.ShouldHaveSingleItem().Context.TraceId.ShouldBe(traces[1]);
        redraw.GetTagItem(Traces.IncidentId).ShouldBe(incident.Id.ToString());
        heard.Of(traces[1], "late redraw").ShouldBeEmpty();
        await late.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Late_ChangesAfterARedrawing_AreRedrawnAgain()
    {
        await RedrawAsync();
        using var late = await StartLateAsync();
        foreach (var version in new[] { 3, 4 })
        {
            await ChangeAsync(version);
            late.Add(incident.Id, RedrawLane.Update, TimeSpan.Zero);
            await Eventually.TrueAsync(() => board.Calls[^1] == $"update 1 v{version}", "the message is redrawn");
        }

        board.Calls.ShouldBe(["post v2", "update 1 v3", "update 1 v4"]);
        await late.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Late_AnotherDraws_TriesAgainAfterASecond()
    {
        var (posting, go) = board.HoldNextPost();
        var first = RedrawAsync();
        await posting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        using var late = await StartLateAsync();
        var before = time.Waits.Count;

        late.Add(incident.Id, RedrawLane.Update, TimeSpan.Zero);
        await Eventually.TrueAsync(() => time.Waits.Count > before && time.Waits.Contains(TimeSpan.FromSeconds(1)), "it waits for the other");
        go();
        await first;
        await ChangeAsync(version: 3);
        time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => board.Calls.Contains("update 1 v3"), "the message is redrawn");
        board.Calls.ShouldBe(["post v2", "update 1 v3"]);
        await late.StopAsync(Cancellation);
    }

    private static IncidentAlert Urgent(Guid incidentId) => Samples.Row(Samples.Alert("ff", labels: ("severity", "P1")).Received(), incidentId);

    private async Task<LateRedraws> StartLateAsync()
    {
        var scopes = new ServiceCollection().AddScoped(_ => new Redrawer(store.Open().Context, board, time, NullLogger<Redrawer>.Instance)).BuildServiceProvider().GetRequiredService<IServiceScopeFactory>();
        var late = new LateRedraws(scopes, time, NullLogger<LateRedraws>.Instance);
        await late.StartAsync(Cancellation);
        return late;
    }

    private Task ChangeAsync(int version) =>
        store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.Version, version), Cancellation));

    private async Task RedrawAsync(TimeProvider? clock = null)
    {
        await using var scope = store.Open();
        await new Redrawer(scope.Context, board, clock ?? time, NullLogger<Redrawer>.Instance).TryRedrawAsync(incident.Id, atOnce: true, Cancellation);
    }

    private async Task RedrawInTurnAsync()
    {
        await using var scope = store.Open();
        await new Redrawer(scope.Context, board, time, NullLogger<Redrawer>.Instance).RedrawAsync(incident.Id, Cancellation);
    }

    private sealed class InterruptedTime(TimeProvider time, Action interruption) : TimeProvider
    {
        private int readings;

        public override DateTimeOffset GetUtcNow()
        {
            // The first is for the look before the turn.
            if (Interlocked.Increment(ref readings) == 2)
            {
                interruption();
            }

            return time.GetUtcNow();
        }
    }

    /// <summary>A board that does what a test has told it.</summary>
    private sealed class Logs : ILogger<Redrawer>
    {
        public List<Exception> Failures { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
                Failures.Add(exception);
        }
    }

    private sealed class Board : IMessageBoard
    {
        private readonly Lock gate = new();
        private readonly List<string> calls = [];
        private readonly List<string> messages = [];
        private readonly Dictionary<string, string> replies = new(StringComparer.Ordinal);
        private (string Call, bool Arrives)? failure;
        private (TaskCompletionSource Reached, TaskCompletionSource Go)? hold;
        private readonly TaskCompletionSource turnAwaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource urgentTurnAwaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? turn;
        private int posted;

        public IReadOnlyList<string> Calls
        {
            get
            {
                lock (gate)
                    return [.. calls];
            }
        }

        public DateTimeOffset? FoundSince { get; private set; }

        public string? FoundIn { get; private set; }

        public bool HasUpdateTurn { get; set; } = true;

        public Task TurnAwaited => turnAwaited.Task;

        /// <summary>The next turn to post is long in coming.</summary>
        public Action HoldNextTurn()
        {
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return turn.SetResult;
        }

        public Task PostTurnAsync(CancellationToken cancellationToken)
        {
            if (Posts is { } gate)
                return gate.PassAsync(cancellationToken);
            if (Interlocked.Exchange(ref turn, null) is not { } held)
                return Task.CompletedTask;
            turnAwaited.SetResult();
            return held.Task.WaitAsync(cancellationToken);
        }

        public Task UrgentPostTurnAsync(CancellationToken cancellationToken)
        {
            if (Posts is { } gate)
            {
                var passing = gate.PassUrgentAsync(cancellationToken);
                urgentTurnAwaited.TrySetResult();
                return passing;
            }

            Record("urgent turn");
            return Task.CompletedTask;
        }

        /// <summary>The board's limit; null for none.</summary>
        public RateGate? Posts { get; set; }

        public Task UrgentTurnAwaited => urgentTurnAwaited.Task;

        /// <summary>How many turns to post there are without a wait.</summary>
        public int PostTurns { get; set; } = int.MaxValue;

        /// <summary>What the message has no room for.</summary>
        public string? TooMuch { get; set; }

        public bool NoThreads { get; set; }

        public IReadOnlyDictionary<string, string> Replies => replies;

        public Task UpdateTurnAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public bool TryPostTurn() => PostTurns-- > 0;

        public ThreadReply? Overflow(IncidentSnapshot incident) => TooMuch is null
            ? null
            : new ThreadReply(incident.Id, ThreadReply.OverflowKey, "more", [new CardPart(CardPartStyle.Body, [CardLine.Of(CardSpan.Plain(TooMuch))])]);

        public Task<string?> ReplyAsync(PostedMessage message, ThreadReply reply, string? ts, CancellationToken cancellationToken)
        {
            Record($"reply {message.Ts} {ts ?? "?"}");
            return Task.FromResult(Take<string?>("reply", () =>
            {
                if (NoThreads)
                    return null;
                replies[message.Ts] = reply.Parts[0].Lines[0].Spans[0].Text;
                return $"r{message.Ts}";
            }));
        }

        public Task WhisperAsync(PostedMessage message, string person, CardLine line, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task NoteAsync(Note note, DateTimeOffset? mayBeThere, CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool TryUpdateTurn() => HasUpdateTurn;

        /// <summary>The next such call fails, before or after it took effect.</summary>
        public void Fail(string call, bool arrives) => failure = (call, arrives);

        public void Delete(string ts) => messages.Remove(ts);

        /// <summary>The next post waits.</summary>
        public (Task Reached, Action Go) HoldNextPost()
        {
            var (reached, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            hold = (reached, go);
            return (reached.Task, go.SetResult);
        }

        public async Task<PostedMessage> PostAsync(IncidentSnapshot incident, Func<string, Task> intendAsync, CancellationToken cancellationToken)
        {
            Record($"post v{incident.Version}");
            await intendAsync("C1");
            if (hold is { } held)
            {
                hold = null;
                held.Reached.SetResult();
                await held.Go.Task.WaitAsync(cancellationToken);
            }

            return Take("post", () =>
            {
                messages.Add($"{++posted}");
                return new PostedMessage("C1", messages[^1]);
            });
        }

        public Task<UpdateResult> UpdateAsync(PostedMessage message, IncidentSnapshot incident, CancellationToken cancellationToken)
        {
            Record($"update {message.Ts} v{incident.Version}");
            return Task.FromResult(Take("update", () => messages.Contains(message.Ts) ? UpdateResult.Updated : UpdateResult.Gone("message_not_found")));
        }

        public Task<PostedMessage?> FindAsync(Guid incidentId, int number, string? intended, DateTimeOffset since, CancellationToken cancellationToken)
        {
            Record("find");
            (FoundSince, FoundIn) = (since, intended);
            return Task.FromResult(Take("find", () => messages.Count > 0 ? new PostedMessage("C1", messages[^1]) : null));
        }

        private void Record(string call)
        {
            lock (gate)
                calls.Add(call);
        }

        private T Take<T>(string call, Func<T> effect)
        {
            if (failure is not { } planned || planned.Call != call)
                return effect();
            failure = null;
            if (planned.Arrives)
                effect();
            throw new IOException("The connection was cut.");
        }
    }
}
