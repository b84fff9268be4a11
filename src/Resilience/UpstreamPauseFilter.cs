using MassTransit;

namespace AlertResponder.Resilience;

/// <summary>
/// Holds a message, unacknowledged, while the upstream is paused; one that has been held for long is put behind the others in its queue, since RabbitMQ
/// closes the channel of whoever holds one for more than half an hour (<c>consumer_timeout</c>).
/// </summary>
internal sealed class UpstreamPauseFilter<T>(Upstream upstream, TimeProvider time) : IFilter<ConsumeContext<T>>
    where T : class
{
    /// <summary>What was prefetched waits for as long again: together that stays below half an hour.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        var since = time.GetTimestamp();
        while (upstream.PausedUntil is { } until)
        {
            var patience = Longest - time.GetElapsedTime(since);
            if (patience <= TimeSpan.Zero)
            {
                // There first, then acknowledged here: a crash between the two leaves it there twice, which everybody can tell.
                await context.Forward(context.ReceiveContext.InputAddress);
                return;
            }

            var left = until - time.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left < patience ? left : patience, time, context.CancellationToken);
            }
        }

        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("upstreamPause").Add("upstream", upstream.Name);
}
