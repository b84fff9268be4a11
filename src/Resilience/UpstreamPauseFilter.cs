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
        // Of the delivery, not of this try: a message that meets one pause after another is tried again in the process, and is held all the while.
        var held = context.ReceiveContext.GetOrAddPayload(() => new Held(time.GetTimestamp()));
        while (upstream.PausedUntil is { } until)
        {
            var patience = Longest - time.GetElapsedTime(held.Since);
            if (patience <= TimeSpan.Zero)
            {
                // There first, then acknowledged here: a crash between the two leaves it there twice, which everybody can tell.
                await context.Forward(context.ReceiveContext.InputAddress);

                // What nobody has consumed goes to the queue of the skipped as well.
                await context.NotifyConsumed(time.GetElapsedTime(held.Since), nameof(UpstreamPauseFilter<T>));
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

    private sealed record Held(long Since);

    public void Probe(ProbeContext context) => context.CreateFilterScope("upstreamPause").Add("upstream", upstream.Name);
}
