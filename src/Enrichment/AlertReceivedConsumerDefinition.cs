using AlertResponder.Resilience;
using MassTransit;

namespace AlertResponder.Enrichment;

/// <summary>Queue <c>enrichment</c>.</summary>
internal sealed class AlertReceivedConsumerDefinition : ConsumerDefinition<AlertReceivedConsumer>
{
    public AlertReceivedConsumerDefinition()
    {
        EndpointName = "enrichment";
        ConcurrentMessageLimit = 16;

        // Twice as many: the next ones are there when a store's turn ends.
        Endpoint(endpoint => endpoint.PrefetchCount = 32);
    }

    // The cluster's failures end in the evidence; what is retried here is the store's.
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<AlertReceivedConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.UseStoreRetry();
    }
}
