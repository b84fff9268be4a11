using System.Reflection;
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
        var accepting = new BrokerIntake(DispatchProxy.Create<IBus, Endless>(), time).AcceptAsync([Samples.Alert("01").Received()], Cancellation);
        accepting.IsCompleted.ShouldBeFalse();

        time.Advance(TimeSpan.FromSeconds(5));

        await Should.ThrowAsync<AlertsNotSafeException>(() => accepting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

#pragma warning disable CA1852 // The proxy is a type derived from it.
    /// <summary>A bus that is connecting, for ever.</summary>
    internal class Endless : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => new TaskCompletionSource<object>().Task;
    }
#pragma warning restore CA1852
}
