using AlertResponder.Contracts;
using MassTransit;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// Safe once RabbitMQ has confirmed it: written to the quorum queue. A broker that blocks its publishers (memory or disk alarm)
/// confirms nothing, and one whose queue somebody has deleted returns the message.
/// </summary>
internal sealed class BrokerIntake(IBus bus, TimeProvider time) : IAlertIntake
{
    // Alertmanager waits as long as its group_interval at most; an early 503 has it try again sooner.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public async Task AcceptAsync(IReadOnlyList<AlertReceived> alerts, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            // Not left to the publisher alone: while it connects for the first time it does not look at the token.
            await Task.WhenAll(alerts.Select(alert =>
                bus.Publish(alert, context => (context.MessageId, context.Mandatory) = (MessageIds.For(alert.Alert), true), either.Token))).WaitAsync(either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AlertsNotSafeException($"RabbitMQ did not confirm them within {Deadline.TotalSeconds} s, or did not take them.", e);
        }
    }
}
