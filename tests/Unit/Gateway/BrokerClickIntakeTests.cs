using AlertResponder.Contracts;
using AlertResponder.Gateway.Intake;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Incidents;
using MassTransit;
using Microsoft.EntityFrameworkCore;
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
        await using var scope = store.Open();
        var intake = new BrokerClickIntake(scope.Context, bus.Bus, TimeProvider.System, NullLogger<BrokerClickIntake>.Instance);

        (await intake.AcceptAsync(id, Request, deadline.Token)).ShouldBeTrue();

        await bus.ReceivedAsync(1);
        (await store.ReadAsync(context => context.Clicks.SingleAsync(Cancellation))).Id.ShouldBe(id);
    }

    [Fact]
    public async Task Accept_RecordCannotBeCommittedAfterTheConfirm_TheClickIsTakenAllTheSame()
    {
        await using var store = await TemporaryStore.CreateAsync();
        await using var bus = await RecordingBus.StartAsync();
        await using var scope = store.Open();
        bus.Bus.ConnectPublishObserver(new Published(() => scope.Context.Database.CurrentTransaction!.Rollback()));
        var intake = new BrokerClickIntake(scope.Context, bus.Bus, TimeProvider.System, NullLogger<BrokerClickIntake>.Instance);

        (await intake.AcceptAsync(Guid.NewGuid(), Request, Cancellation)).ShouldBeTrue();

        await bus.ReceivedAsync(1);
        (await store.ReadAsync(context => context.Clicks.CountAsync(Cancellation))).ShouldBe(0);
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
