using System.Data.Common;
using AlertResponder.Contracts;
using AlertResponder.Gateway.Intake;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Sqlite;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Gateway;

public sealed class BrokerClickIntakeTests
{
    private static readonly RemediationRequested Request = new(Guid.NewGuid(), Guid.NewGuid(), RemediationVerb.Execute, "U0CLICKER", Samples.Start, "slack");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Nobody may be told to click again while the action runs.
    [Fact]
    public async Task Accept_TimeIsUpJustAfterTheConfirm_TheClickIsTakenAndKnown()
    {
        await using var store = await TemporaryStore.CreateAsync();
        await using var bus = await RecordingBus.StartAsync();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        bus.Bus.ConnectPublishObserver(new Published(() => deadline.Cancel()));
        var id = Guid.NewGuid();
        var intake = new BrokerClickIntake(store.Scopes, bus.Bus, TimeProvider.System, NullLogger<BrokerClickIntake>.Instance);

        (await intake.AcceptAsync(id, Request, deadline.Token)).ShouldBeTrue();

        await bus.ReceivedAsync(1);
        (await store.ReadAsync(context => context.Clicks.SingleAsync(Cancellation))).Id.ShouldBe(id);
    }

    [Fact]
    public async Task Accept_RecordCannotBeCommittedAfterTheConfirm_TheClickIsTakenAllTheSame()
    {
        await using var store = await TemporaryStore.CreateAsync();
        await using var bus = await RecordingBus.StartAsync();
        await using var provider = Provider(store, new Commits(() => throw new InvalidOperationException("The connection is gone.")));
        var intake = Intake(provider, bus);

        (await intake.AcceptAsync(Guid.NewGuid(), Request, Cancellation)).ShouldBeTrue();

        await bus.ReceivedAsync(1);
        (await store.ReadAsync(context => context.Clicks.CountAsync(Cancellation))).ShouldBe(0);
    }

    // To cancel a command takes as long as the database does to hear of it.
    [Fact]
    public async Task Accept_CommitTakesLongWhateverItsToken_IsAnsweredBeforeAndRecordedThen()
    {
        await using var store = await TemporaryStore.CreateAsync();
        await using var bus = await RecordingBus.StartAsync();
        TaskCompletionSource commit = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = Provider(store, new Commits(() => commit.Task));
        var id = Guid.NewGuid();

        (await Intake(provider, bus).AcceptAsync(id, Request, Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).ShouldBeTrue();

        await bus.ReceivedAsync(1);
        (await store.ReadAsync(context => context.Clicks.CountAsync(Cancellation))).ShouldBe(0);
        commit.SetResult();
        await Eventually.TrueAsync(() => store.ReadAsync(context => context.Clicks.AnyAsync(click => click.Id == id, Cancellation)), "it is recorded after all");
    }

    private static BrokerClickIntake Intake(ServiceProvider provider, RecordingBus bus) =>
        new(provider.GetRequiredService<IServiceScopeFactory>(), bus.Bus, TimeProvider.System, NullLogger<BrokerClickIntake>.Instance);

    private static ServiceProvider Provider(TemporaryStore store, Commits commits) =>
        new ServiceCollection().AddDbContext<IncidentsContext, SqliteIncidentsContext>(options => options.UseSqlite(store.ConnectionString).AddInterceptors(commits)).BuildServiceProvider();

    private sealed class Commits(Func<Task> committing) : DbTransactionInterceptor
    {
        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            await committing();
            return result;
        }
    }

    private sealed class Published(Action then) : IPublishObserver
    {
        public Task PrePublish<T>(PublishContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostPublish<T>(PublishContext<T> context)
            where T : class
        {
            then();
            return Task.CompletedTask;
        }

        public Task PublishFault<T>(PublishContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}
