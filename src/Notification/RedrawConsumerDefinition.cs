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
        var slack = context.GetServices<Upstream>().FirstOrDefault(upstream => upstream.Name == UpstreamNames.Slack);
        if (slack is not null)
        {
            endpointConfigurator.UseUpstreamPause();
        }

        endpointConfigurator.UseStoreRetry();
        var partitioner = endpointConfigurator.CreatePartitioner(Partitions);
        OneAtATime<AnalysisCompleted>(message => message.IncidentId);
        OneAtATime<RemediationProposed>(message => message.IncidentId);
        OneAtATime<RemediationCompleted>(message => message.IncidentId);
        OneAtATime<IncidentChanged>(message => message.IncidentId);

        void OneAtATime<T>(Func<T, Guid> incidentOf)
            where T : class => consumerConfigurator.Message<T>(message =>
            {
                if (slack is not null)
                {
                    message.UseUpstreamPause(slack, context.GetRequiredService<TimeProvider>());
                }

                message.UsePartitioner(partitioner, m => incidentOf(m.Message));
            });
    }
}
