using MassTransit;

namespace AlertResponder.Resilience;

/// <summary>The policies of the stages' endpoints.</summary>
public static class EndpointResilience
{
    // After a pause one trial call decides; whoever meets it waits for the next turn. Far more turns than a pause has.
    private const int MostTurns = 100_000;

    /// <summary>The retry of messages. Upstreams have their own; what fails a message is the store, or a defect.</summary>
    /// <remarks>Eight retries within about 40 s; then the message goes to the endpoint's error queue.</remarks>
    public static void UseStoreRetry(this IReceiveEndpointConfigurator endpoint) =>
        endpoint.UseStoreRetry(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    /// <summary>
    /// Pauses the endpoint with an upstream that has no fallback: messages wait in their queue and don't burn through
    /// retries into the error queue. Goes before <see cref="UseStoreRetry(IReceiveEndpointConfigurator)"/>; each message of the endpoint
    /// needs <see cref="UseUpstreamPause{T}"/> besides.
    /// </summary>
    public static void UseUpstreamPause(this IReceiveEndpointConfigurator endpoint) => endpoint.UseMessageRetry(retry =>
    {
        retry.Handle<UpstreamPausedException>();
        retry.Incremental(MostTurns, TimeSpan.FromSeconds(1), TimeSpan.Zero);
    });

    /// <summary>Holds messages of a kind while the upstream is paused.</summary>
    public static void UseUpstreamPause<T>(this IPipeConfigurator<ConsumeContext<T>> message, Upstream upstream, TimeProvider time)
        where T : class => message.UseFilter(new UpstreamPauseFilter<T>(upstream, time));

    internal static void UseStoreRetry(this IReceiveEndpointConfigurator endpoint, TimeSpan first, TimeSpan longest) =>
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore<UpstreamPausedException>();
            retry.Exponential(8, first, longest, 2 * first);
        });
}
