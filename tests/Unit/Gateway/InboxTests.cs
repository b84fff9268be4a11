using AlertResponder.Contracts;
using AlertResponder.Gateway.Intake;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Gateway;

public sealed class InboxTests : IAsyncLifetime
{
    private readonly WatchedTimeProvider time = new(Samples.Start);
    private readonly WakeUp signal = new();
    private readonly Lifetime lifetime = new();
    private readonly ConfirmedAlerts confirmed;
    private TemporaryStore store = null!;

    public InboxTests() => confirmed = new ConfirmedAlerts(time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => store = await TemporaryStore.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        lifetime.Dispose();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Accept_NewAlerts_AreInTheInboxInOrder()
    {
        AlertReceived[] alerts = [Samples.Alert("02").Received(), Samples.Alert("01").Received(), Samples.Alert("02").Received().Resolved()];

        await AcceptAsync(alerts);

        var entries = await InboxAsync();
        entries.Select(entry => entry.MessageId).ShouldBe(alerts.Select(alert => MessageIds.For(alert.Alert)));
        StoredJson.Read<AlertReceived>(entries[2].Json).ShouldBeEquivalentTo(alerts[2]);
    }

    [Fact]
    public async Task Accept_SameAlertsAgainAndTwiceInOneWebhook_AreOnceInTheInbox()
    {
        var alert = Samples.Alert("01").Received();

        await AcceptAsync(alert, alert);
        await AcceptAsync(alert with { Receiver = "other" }, Samples.Alert("02").Received());

        (await InboxAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Accept_SameAlertsFromSeveralAlertmanagersAtOnce_AreOnceInTheInbox()
    {
        AlertReceived[] alerts = [.. Enumerable.Range(0, 20).Select(number => Samples.Alert($"{number:x2}").Received())];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => AcceptAsync(alerts), Cancellation)));

        (await InboxAsync()).Length.ShouldBe(20);
    }

    [Fact]
    public async Task Accept_MoreAlertsThanAStatementHasParameters_AreAllInTheInbox()
    {
        AlertReceived[] alerts = [.. Enumerable.Range(0, 3_000).Select(number => Samples.Alert($"{number:x16}").Received())];

        await AcceptAsync(alerts);
        await AcceptAsync(alerts);

        (await InboxAsync()).Length.ShouldBe(3_000);
    }

    [Fact]
    public async Task Accept_InboxCannotBeWritten_IsNotSafe()
    {
        await store.ChangeAsync(context => context.Database.ExecuteSqlAsync($"DROP TABLE inbox", Cancellation));

        await Should.ThrowAsync<AlertsNotSafeException>(AcceptAsync(Samples.Alert("01").Received()));
    }

    // As Npgsql's execution strategy has it when a connection is lost.
    [Fact]
    public async Task Accept_ConnectionIsLost_IsNotSafe()
    {
        await using var lost = new LostContext(new InvalidOperationException("likely due to a transient failure", new TimeoutException()));

        await Should.ThrowAsync<AlertsNotSafeException>(new InboxIntake(lost, signal, new ConfirmedAlerts(time), time).AcceptAsync([Samples.Alert("01").Received()], Cancellation));
    }

    [Fact]
    public async Task Accept_ErrorOfOurOwn_IsNoneOfTheStores()
    {
        await using var lost = new LostContext(new InvalidOperationException("no such entity type"));

        await Should.ThrowAsync<InvalidOperationException>(new InboxIntake(lost, signal, new ConfirmedAlerts(time), time).AcceptAsync([Samples.Alert("01").Received()], Cancellation));
    }

    [Fact]
    public async Task Accept_FileIsNoDatabase_IsNotSafe()
    {
        var path = Path.Combine(store.Folder, "garbage.db");
        await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat((byte)'x', 8192)], Cancellation);
        await using var provider = TemporaryStore.Provider($"Data Source={path};Pooling=false");
        await using var scope = provider.CreateAsyncScope();
        var intake = new InboxIntake(scope.ServiceProvider.GetRequiredService<IncidentsContext>(), signal, new ConfirmedAlerts(time), time);

        await Should.ThrowAsync<AlertsNotSafeException>(intake.AcceptAsync([Samples.Alert("01").Received()], Cancellation));
    }

    [Fact]
    public async Task Accept_LastAlertCannotBeWritten_KeepsNoneOfThem()
    {
        await store.ChangeAsync(context => context.Database.ExecuteSqlAsync(
            $"CREATE TRIGGER disk_full BEFORE INSERT ON inbox WHEN (SELECT count(*) FROM inbox) >= 2 BEGIN SELECT RAISE(ABORT, 'full'); END", Cancellation));

        await Should.ThrowAsync<AlertsNotSafeException>(AcceptAsync(Samples.Alert("01").Received(), Samples.Alert("02").Received(), Samples.Alert("03").Received()));

        (await InboxAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispatch_NewAlert_IsPublishedAtOnceWithItsMeaningsId()
    {
        await using var bus = await RecordingBus.StartAsync();
        using var dispatcher = await DispatcherAsync(bus);
        lifetime.Start();
        await time.NextWaitAsync(Cancellation);
        var alert = Samples.Alert("01").Received();

        await AcceptAsync(alert);
        await bus.ReceivedAsync(1);

        bus.Deliveries.Single().Id.ShouldBe(MessageIds.For(alert.Alert));
        bus.Deliveries.Single().Message.ShouldBeEquivalentTo(alert);
        await dispatcher.StopAsync(Cancellation);
    }

    // A storm waits; what is critical does not wait behind it, whichever webhook it came in.
    [Fact]
    public async Task Dispatch_CriticalAlertThatCameLast_GoesFirst()
    {
        await AcceptAsync([.. Enumerable.Range(0, 200).Select(number => Samples.Alert($"{number:x4}").Received())]);
        var critical = Samples.Alert("ffff", labels: ("severity", "page")).Received();
        await AcceptAsync(critical);
        await using var bus = await RecordingBus.StartAsync();
        using var dispatcher = await DispatcherAsync(bus);
        lifetime.Start();

        await bus.ReceivedAsync(64);

        bus.Deliveries.Take(64).ShouldContain(delivery => delivery.Id == MessageIds.For(critical.Alert));
        (await InboxAsync()).Where(entry => entry.Drives > 0).Select(entry => entry.Sequence).ShouldBe([.. Enumerable.Range(1, 63).Select(sequence => (long)sequence), 201]);
        var second = Samples.Alert("fffe", labels: ("severity", "critical")).Received();
        await AcceptAsync(second);
        await LeaveAsync(bus.Deliveries[0]);
        await PassAsync(TimeSpan.FromMilliseconds(50));
        await bus.ReceivedAsync(65);
        bus.Deliveries[64].Id.ShouldBe(MessageIds.For(second.Alert));
        await dispatcher.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Accept_TimeIsUp_IsNotSafeAndTheRepeatIsTakenOnce()
    {
        AlertReceived[] alerts = [.. Enumerable.Range(0, 6_000).Select(number => Samples.Alert($"{number:x4}").Received())];
        await using (var scope = store.Open())
        {
            // Before the second batch.
            var saved = 0;
            scope.Context.SavedChanges += (_, _) => time.Advance(++saved == 6 ? TimeSpan.FromSeconds(9) : TimeSpan.Zero);
            await Should.ThrowAsync<AlertsNotSafeException>(new InboxIntake(scope.Context, signal, confirmed, time).AcceptAsync(alerts, Cancellation));
        }

        var taken = await InboxAsync();
        taken.Length.ShouldBe(5_000);

        // Dealt with meanwhile.
        await store.ReadAsync(context => context.Inbox.ExecuteDeleteAsync(Cancellation));
        await AcceptAsync(alerts);

        (await InboxAsync()).Length.ShouldBe(1_000, "the repeat goes on where the time was up");
    }

    /// <summary>So slow that no 5,000 are ever written within the time: with each repeat more of them are safe.</summary>
    [Fact]
    public async Task Accept_SlowDisk_KeepsWhatWasWrittenWhenTheTimeWasUp()
    {
        var alerts = Enumerable.Range(0, 5_000).Select(number => Samples.Alert($"{number:x4}").Received()).ToArray();
        List<int> safe = [];
        while (safe.Count < 5 && safe.LastOrDefault() < alerts.Length)
        {
            await using (var scope = store.Open())
            {
                scope.Context.SavedChanges += (_, _) => time.Advance(TimeSpan.FromSeconds(3));
                var accepting = new InboxIntake(scope.Context, signal, confirmed, time).AcceptAsync(alerts, Cancellation);
                if (safe.LastOrDefault() < 4_000)
                    await Should.ThrowAsync<AlertsNotSafeException>(accepting);
                else
                    await accepting;
            }

            safe.Add((await InboxAsync()).Length);
        }

        safe.ShouldBe([2_000, 4_000, 5_000]);
    }

    [Fact]
    public async Task Dispatch_BeforeTheApplicationHasStarted_Waits()
    {
        await AcceptAsync(Samples.Alert("01").Received());
        await using var bus = await RecordingBus.StartAsync();
        using var dispatcher = await DispatcherAsync(bus);

        time.Advance(TimeSpan.FromMinutes(5));
        (await InboxAsync()).Single().Drives.ShouldBe(0);
        lifetime.Start();

        await bus.ReceivedAsync(1);
        await dispatcher.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Dispatch_ConsumerFailed_IsPublishedAgainAfterAMinuteAndNotBefore()
    {
        await using var bus = await RecordingBus.StartAsync(_ => throw new InvalidOperationException("The store is down."));
        using var dispatcher = await DispatcherAsync(bus);
        lifetime.Start();
        await AcceptAsync(Samples.Alert("01").Received());
        await bus.ReceivedAsync(1);

        await PassAsync(TimeSpan.FromSeconds(55));
        (await InboxAsync()).Single().Drives.ShouldBe(1);
        await PassAsync(TimeSpan.FromSeconds(10));
        await bus.ReceivedAsync(2);

        bus.Deliveries[1].Id.ShouldBe(bus.Deliveries[0].Id);
        await PassAsync(TimeSpan.FromSeconds(110));
        (await InboxAsync()).Single().Drives.ShouldBe(2, "the second wait is twice the first");
        await PassAsync(TimeSpan.FromSeconds(20));
        await bus.ReceivedAsync(3);
        await dispatcher.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Dispatch_AfterARestart_PublishesEverythingThatIsStillThere()
    {
        await AcceptAsync([.. Enumerable.Range(0, 450).Select(number => Samples.Alert($"{number:x4}").Received())]);
        var far = Samples.Start.AddHours(1);
        await store.ReadAsync(context => context.Inbox.ExecuteUpdateAsync(set => set.SetProperty(entry => entry.DriveAt, far).SetProperty(entry => entry.Drives, 9), Cancellation));
        await using var bus = await RecordingBus.StartAsync(LeaveAsync);
        using var dispatcher = await DispatcherAsync(bus);

        lifetime.Start();

        await Eventually.TrueAsync(
            async () =>
            {
                if (time.Waits is [var next, ..] && next <= TimeSpan.FromMilliseconds(50))
                {
                    time.Advance(next);
                }

                return (await InboxAsync()).Length == 0;
            },
            "the inbox is empty");
        bus.Deliveries.Count.ShouldBe(450);
        bus.Deliveries.Select(delivery => delivery.Id).ShouldBeUnique();
        await dispatcher.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Dispatch_AfterARestart_BacksOffFromTheBeginning()
    {
        await AcceptAsync(Samples.Alert("01").Received());
        await store.ReadAsync(context => context.Inbox.ExecuteUpdateAsync(set => set.SetProperty(entry => entry.Drives, 9), Cancellation));
        await using var bus = await RecordingBus.StartAsync();
        using var dispatcher = await DispatcherAsync(bus);

        lifetime.Start();

        await bus.ReceivedAsync(1);
        var entry = (await InboxAsync()).Single();
        (entry.Drives, entry.DriveAt).ShouldBe((1, Samples.Start.AddMinutes(1)));
        await dispatcher.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Dispatch_ManyWait_PutsNoMoreOnTheBusThanLeaveTheInbox()
    {
        await AcceptAsync([.. Enumerable.Range(0, 200).Select(number => Samples.Alert($"{number:x4}").Received())]);
        await using var bus = await RecordingBus.StartAsync();
        using var dispatcher = await DispatcherAsync(bus);
        lifetime.Start();
        await bus.ReceivedAsync(64);

        await PassAsync(TimeSpan.FromSeconds(2));
        bus.Deliveries.Count.ShouldBe(64);
        foreach (var delivery in bus.Deliveries.Take(10))
        {
            await LeaveAsync(delivery);
        }

        await PassAsync(TimeSpan.FromMilliseconds(50));
        await bus.ReceivedAsync(74);
        await PassAsync(TimeSpan.FromSeconds(2));
        bus.Deliveries.Count.ShouldBe(74);
        bus.Deliveries.Select(delivery => delivery.Id).ShouldBeUnique();
        await dispatcher.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Dispatch_ManyCannotBeHandled_HoldNoOtherUpForMoreThanAMinute()
    {
        await AcceptAsync([.. Enumerable.Range(0, 64).Select(number => Samples.Alert($"{number:x4}").Received())]);
        await using var bus = await RecordingBus.StartAsync();
        using var dispatcher = await DispatcherAsync(bus);
        lifetime.Start();
        await bus.ReceivedAsync(64);
        var later = Samples.Alert("ffff").Received();

        await AcceptAsync(later);
        await PassAsync(TimeSpan.FromSeconds(61));

        await Eventually.TrueAsync(() => bus.Deliveries.Any(delivery => delivery.Id == MessageIds.For(later.Alert)), "the later alert is published");
        await dispatcher.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Dispatch_EntryThatCannotBeRead_HoldsNoOtherUpForGood()
    {
        await AcceptAsync(Samples.Alert("01").Received(), Samples.Alert("02").Received());
        await store.ChangeAsync(context => context.Database.ExecuteSqlAsync($"UPDATE inbox SET Json = 'null' WHERE Sequence = 1", Cancellation));
        await using var bus = await RecordingBus.StartAsync();
        using var dispatcher = await DispatcherAsync(bus);
        lifetime.Start();
        await time.NextWaitAsync(Cancellation);

        await bus.ReceivedAsync(1);
        bus.Deliveries.Single().Id.ShouldBe(MessageIds.For(Samples.Alert("02")));
        (await InboxAsync()).Length.ShouldBe(2);
        await dispatcher.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Dispatch_StoreIsDownAtTheStart_TriesAgain()
    {
        await AcceptAsync(Samples.Alert("01").Received());
        await store.ChangeAsync(context => context.Database.ExecuteSqlAsync($"ALTER TABLE inbox RENAME TO gone", Cancellation));
        await using var bus = await RecordingBus.StartAsync();
        using var dispatcher = await DispatcherAsync(bus);
        lifetime.Start();
        await time.NextWaitAsync(Cancellation);
        dispatcher.ExecuteTask!.IsCompleted.ShouldBeFalse();

        await store.ChangeAsync(context => context.Database.ExecuteSqlAsync($"ALTER TABLE gone RENAME TO inbox", Cancellation));
        await PassAsync(TimeSpan.FromSeconds(5));

        await bus.ReceivedAsync(1);
        await dispatcher.StopAsync(Cancellation);
    }

    // In steps as the dispatcher takes them, each ended before the next begins.
    private async Task PassAsync(TimeSpan span)
    {
        var end = time.GetUtcNow() + span;
        while (time.GetUtcNow() < end)
        {
            var wait = await time.NextWaitAsync(Cancellation);
            time.Advance(wait < end - time.GetUtcNow() ? wait : end - time.GetUtcNow());
        }

        await time.NextWaitAsync(Cancellation);
    }

    private async Task<InboxDispatcher> DispatcherAsync(RecordingBus bus)
    {
        var dispatcher = new InboxDispatcher(store.Scopes, bus.Bus, signal, lifetime, time, NullLogger<InboxDispatcher>.Instance);
        await dispatcher.StartAsync(Cancellation);
        return dispatcher;
    }

    private async Task AcceptAsync(params AlertReceived[] alerts)
    {
        await using var scope = store.Open();
        await new InboxIntake(scope.Context, signal, confirmed, time).AcceptAsync(alerts, Cancellation);
    }

    // As the transaction does that makes an alert part of an incident.
    private Task LeaveAsync(RecordingBus.Delivery delivery) =>
        store.ReadAsync(context => context.Inbox.Where(entry => entry.MessageId == delivery.Id).ExecuteDeleteAsync(Cancellation));

    private Task<InboxEntry[]> InboxAsync() =>
        store.ReadAsync(context => context.Inbox.AsNoTracking().OrderBy(entry => entry.Sequence).ToArrayAsync(Cancellation));

    private sealed class LostContext(Exception failure) : IncidentsContext(new DbContextOptionsBuilder().Options)
    {
        public override Task<IDbContextTransaction> BeginExclusiveAsync(string key, CancellationToken cancellationToken) => Task.FromException<IDbContextTransaction>(failure);

        internal override Task TakeTurnAsync(string key, CancellationToken cancellationToken) => Task.FromException(failure);
    }
}
