using AlertResponder.Contracts;
using AlertResponder.Resilience;
using MassTransit;

namespace AlertResponder.Analysis;

/// <summary>Queue <c>analysis</c>: an incident at a time, so that no model is asked twice.</summary>
internal sealed class ContextEnrichedConsumerDefinition : ConsumerDefinition<ContextEnrichedConsumer>
{
    private const int Partitions = 16;

    public ContextEnrichedConsumerDefinition()
    {
        EndpointName = "analysis";
        ConcurrentMessageLimit = Partitions;

        // No more than are in hand: an analysis takes up to half a minute, and another process may be free.
        Endpoint(endpoint => endpoint.PrefetchCount = Partitions);
    }

    // Bedrock's failures end in the rules' diagnosis; what is retried here is the store's.
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<ContextEnrichedConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.UseStoreRetry();
        var partitioner = endpointConfigurator.CreatePartitioner(Partitions);
        consumerConfigurator.Message<ContextEnriched>(message => message.UsePartitioner(partitioner, m => m.Message.IncidentId));
    }
}
