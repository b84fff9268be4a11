using AlertResponder.Contracts;
using AlertResponder.Resilience;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Notification;

/// <summary>Queue <c>notification</c>: paused with Slack; one message of an incident at a time.</summary>
internal sealed class RedrawConsumerDefinition : ConsumerDefinition<RedrawConsumer>
{
    private const int Partitions = 16;

    public RedrawConsumerDefinition()
    {
        EndpointName = "notification";
        ConcurrentMessageLimit = Partitions;
        Endpoint(endpoint => endpoint.PrefetchCount = 2 * Partitions);
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<RedrawConsumer> consumerConfigurator, IRegistrationContext context)
    {
        if (context.GetServices<Upstream>().FirstOrDefault(upstream => upstream.Name == UpstreamNames.Slack) is { } slack)
        {
            endpointConfigurator.UseUpstreamPause(slack, context.GetRequiredService<TimeProvider>());
        }

        endpointConfigurator.UseStoreRetry();
        var partitioner = endpointConfigurator.CreatePartitioner(Partitions);
        consumerConfigurator.Message<AnalysisCompleted>(message => message.UsePartitioner(partitioner, m => m.Message.IncidentId));
        consumerConfigurator.Message<RemediationProposed>(message => message.UsePartitioner(partitioner, m => m.Message.IncidentId));
        consumerConfigurator.Message<RemediationCompleted>(message => message.UsePartitioner(partitioner, m => m.Message.IncidentId));
        consumerConfigurator.Message<IncidentChanged>(message => message.UsePartitioner(partitioner, m => m.Message.IncidentId));
    }
}
