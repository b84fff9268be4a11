using System.Reflection;
using AlertResponder.Contracts;
using AlertResponder.Gateway.Intake;
using AlertResponder.Tests.Unit.Incidents;
using MassTransit;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Gateway;

public sealed class BrokerIntakeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accept_PublisherThatNeitherEndsNorLooksAtItsToken_GivesUpAtTheDeadline()
    {
        var time = new FakeTimeProvider();
        var accepting = new BrokerIntake(DispatchProxy.Create<IBus, Endless>(), new ConfirmedAlerts(time), time).AcceptAsync([Samples.Alert("01").Received()], Cancellation);
        accepting.IsCompleted.ShouldBeFalse();

        time.Advance(TimeSpan.FromSeconds(5));

        await Should.ThrowAsync<AlertsNotSafeException>(() => accepting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    // At most so many reach the broker before the time is up: each repeat must begin where the one before ended.
    [Fact]
    public async Task Accept_TimeIsUp_RepeatGoesOnWhereItEnded()
    {
        var time = new FakeTimeProvider();
        AlertReceived[] alerts = [.. Enumerable.Range(0, 600).Select(number => Samples.Alert($"{number:x4}").Received())];
        var bus = DispatchProxy.Create<IBus, Slow>();
        var slow = (Slow)(object)bus;
        slow.Taken = 256;
        var intake = new BrokerIntake(bus, new ConfirmedAlerts(time), time);
        var first = intake.AcceptAsync(alerts, Cancellation);
        time.Advance(TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<AlertsNotSafeException>(() => first.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));

        slow.Taken = int.MaxValue;
        slow.Published.Clear();
        await intake.AcceptAsync(alerts, Cancellation);

        slow.Published.Select(alert => alert.Alert.Fingerprint).ShouldBe(alerts.Skip(256).Select(alert => alert.Alert.Fingerprint));
        slow.Published.Clear();
        await intake.AcceptAsync(alerts, Cancellation);
        slow.Published.Count.ShouldBe(600, "a later webhook is none of the repeats");
    }

    [Theory]
    [InlineData(59, 600, 344)]
    [InlineData(60, 600, 600)]
    [InlineData(0, 599, 599)]
    public async Task Accept_AfterATimeThatWasUp_SkipsOfTheSameWebhookWithinAMinuteOnly(int seconds, int count, int published)
    {
        var time = new FakeTimeProvider();
        AlertReceived[] alerts = [.. Enumerable.Range(0, 600).Select(number => Samples.Alert($"{number:x4}").Received())];
        var bus = DispatchProxy.Create<IBus, Slow>();
        var slow = (Slow)(object)bus;
        slow.Taken = 256;
        var intake = new BrokerIntake(bus, new ConfirmedAlerts(time), time);
        var first = intake.AcceptAsync(alerts, Cancellation);
        time.Advance(TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<AlertsNotSafeException>(() => first.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        slow.Taken = int.MaxValue;
        slow.Published.Clear();

        time.Advance(TimeSpan.FromSeconds(seconds));
        await intake.AcceptAsync(alerts[..count], Cancellation);

        slow.Published.Count.ShouldBe(published);
    }

    [Fact]
    public async Task Accept_AlertThatChangedMeanwhile_IsPublishedThoughItsFirstStateWas()
    {
        var time = new FakeTimeProvider();
        var bus = DispatchProxy.Create<IBus, Slow>();
        var slow = (Slow)(object)bus;
        slow.Taken = 256;
        var intake = new BrokerIntake(bus, new ConfirmedAlerts(time), time);
        AlertReceived[] alerts = [.. Enumerable.Range(0, 300).Select(number => Samples.Alert($"{number:x4}").Received())];
        var first = intake.AcceptAsync(alerts, Cancellation);
        time.Advance(TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<AlertsNotSafeException>(() => first.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        slow.Taken = int.MaxValue;
        slow.Published.Clear();

        await intake.AcceptAsync([alerts[0].Resolved()], Cancellation);
        await intake.AcceptAsync([alerts[0]], Cancellation);

        slow.Published.Select(alert => alert.Alert.Status).ShouldBe([AlertStatus.Resolved, AlertStatus.Firing]);
    }

#pragma warning disable CA1852 // The proxy is a type derived from it.
    /// <summary>A bus that is connecting, for ever.</summary>
    internal class Endless : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => new TaskCompletionSource<object>().Task;
    }

    /// <summary>A bus that confirms so many messages, and no further one.</summary>
    internal class Slow : DispatchProxy
    {
        public int Taken { get; set; }

        public List<AlertReceived> Published { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (Published.Count >= Taken)
            {
                return new TaskCompletionSource<object>().Task;
            }

            Published.Add((AlertReceived)args![0]!);
            return Task.CompletedTask;
        }
    }
#pragma warning restore CA1852
}
