using MassTransit;

namespace AlertResponder.Resilience;

/// <summary>Holds a message, unacknowledged, while the upstream is paused.</summary>
internal sealed class UpstreamPauseFilter(Upstream upstream, TimeProvider time) : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        while (upstream.PausedUntil is { } until)
        {
            var left = until - time.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, context.CancellationToken);
            }
        }

        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("upstreamPause").Add("upstream", upstream.Name);
}
