using MassTransit;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Resilience;

/// <summary>
/// Holds an endpoint's messages while an upstream without a fallback is paused: they wait, unacknowledged, instead of
/// failing their way into the error queue.
/// </summary>
/// <param name="upstream">The upstream that the endpoint cannot do without.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where a wait is told.</param>
public sealed partial class UpstreamPauseFilter(Upstream upstream, TimeProvider time, ILogger<UpstreamPauseFilter> logger) : IFilter<ConsumeContext>
{
    // A pause that another call's Retry-After shortens or prolongs is noticed within this time.
    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(30);

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        while (true)
        {
            await WaitAsync(context);
            try
            {
                await next.Send(context);
                return;
            }
            catch (UpstreamPausedException paused) when (paused.Upstream == upstream.Name)
            {
                Log.Waiting(logger, context.MessageId, upstream.Name, paused.PausedUntil);

                // Another call holds the one trial after a pause; its result comes soon.
                await Task.Delay(TimeSpan.FromSeconds(1), time, context.CancellationToken);
            }
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("upstreamPause").Add("upstream", upstream.Name);

    private async Task WaitAsync(ConsumeContext context)
    {
        while (upstream.PausedUntil is { } until)
        {
            var left = until - time.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left < LongestNap ? left : LongestNap, time, context.CancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Message {MessageId} waits: {Upstream} is paused until {Until:O}")]
        public static partial void Waiting(ILogger logger, Guid? messageId, string upstream, DateTimeOffset until);
    }
}
