using AlertResponder.Resilience;
using MassTransit;

namespace AlertResponder.Remediation.Execution;

/// <summary>Queue <c>remediation</c>.</summary>
internal sealed class RemediationRequestedConsumerDefinition : ConsumerDefinition<RemediationRequestedConsumer>
{
    private const int AtOnce = 4;

    public RemediationRequestedConsumerDefinition()
    {
        EndpointName = "remediation";
        ConcurrentMessageLimit = AtOnce;
        Endpoint(endpoint => endpoint.PrefetchCount = AtOnce);
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<RemediationRequestedConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseStoreRetry();
}
