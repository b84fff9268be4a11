using AlertResponder.Resilience;
using MassTransit;

namespace AlertResponder.Remediation;

/// <summary>Queue <c>remediation</c>.</summary>
internal sealed class RemediationRequestedConsumerDefinition : ConsumerDefinition<RemediationRequestedConsumer>
{
    public RemediationRequestedConsumerDefinition()
    {
        EndpointName = "remediation";
        ConcurrentMessageLimit = 4;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<RemediationRequestedConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseStoreRetry();
}
