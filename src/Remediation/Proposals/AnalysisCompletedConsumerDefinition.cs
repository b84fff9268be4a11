using AlertResponder.Contracts;
using AlertResponder.Resilience;
using MassTransit;

namespace AlertResponder.Remediation.Proposals;

/// <summary>Queue <c>remediation-proposals</c>: of its own, so that no click waits behind the previews of a storm.</summary>
internal sealed class AnalysisCompletedConsumerDefinition : ConsumerDefinition<AnalysisCompletedConsumer>
{
    private const int Partitions = 4;

    public AnalysisCompletedConsumerDefinition()
    {
        EndpointName = "remediation-proposals";
        ConcurrentMessageLimit = Partitions;
        Endpoint(endpoint => endpoint.PrefetchCount = Partitions);
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<AnalysisCompletedConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.UseStoreRetry();
        var partitioner = endpointConfigurator.CreatePartitioner(Partitions);
        consumerConfigurator.Message<AnalysisCompleted>(message => message.UsePartitioner(partitioner, m => m.Message.IncidentId));
    }
}
