using MassTransit;

namespace AlertResponder.Resilience;

/// <summary>The retry of messages. Upstreams have their own; what fails a message is the store, or a defect.</summary>
public static class StoreRetry
{
    /// <summary>Eight retries within about 40 s; then the message goes to the endpoint's error queue.</summary>
    public static void UseStoreRetry(this IReceiveEndpointConfigurator endpoint) =>
        endpoint.UseMessageRetry(retry =>
            retry.Exponential(8, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(200)));
}
