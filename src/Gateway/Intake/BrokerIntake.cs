using AlertResponder.Contracts;
using MassTransit;

namespace AlertResponder.Gateway.Intake;

/// <summary>
/// Safe once RabbitMQ has confirmed it: written to the quorum queue. A broker that blocks its publishers (memory or disk alarm)
/// confirms nothing, and one whose queue somebody has deleted returns the message.
/// </summary>
internal sealed class BrokerIntake(IBus bus, ConfirmedAlerts confirmed, TimeProvider time) : IAlertIntake
{
    /// <summary>So many are on the way to the broker at a time: as many as keep it busy, and no more than fit in memory.</summary>
    private const int Window = 256;

    // Alertmanager waits as long as its group_interval at most; an early 503 has it try again sooner.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public async Task AcceptAsync(IReadOnlyList<AlertReceived> alerts, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var fresh = confirmed.NotYet(alerts);
        var safe = new List<AlertReceived>(fresh.Count);
        try
        {
            // The urgent ones are in the queue before any other is sent.
            foreach (var part in fresh.GroupBy(alert => alert.Alert.IsUrgent()))
            {
                foreach (var window in part.Chunk(Window))
                {
                    // Not left to the publisher alone: while it connects for the first time it does not look at the token.
                    await Task.WhenAll(window.Select(alert => bus.Publish(alert, context => (context.MessageId, context.Mandatory) = (MessageIds.For(alert.Alert), true), either.Token))).WaitAsync(either.Token);
                    safe.AddRange(window);
                }
            }
        }
        catch (Exception e)
        {
            confirmed.Keep(alerts, safe);
            if (cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw new AlertsNotSafeException($"RabbitMQ did not confirm them within {Deadline.TotalSeconds} s, or did not take them.", e);
        }

        confirmed.Forget(alerts);
    }
}
