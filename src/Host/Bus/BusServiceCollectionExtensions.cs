using AlertResponder.Analysis;
using AlertResponder.Contracts;
using AlertResponder.Enrichment;
using AlertResponder.Host.Roles;
using AlertResponder.Notification;
using AlertResponder.Remediation;
using MassTransit;
using MassTransit.Logging;

namespace AlertResponder.Host.Bus;

/// <summary>The bus: RabbitMQ by connection string, in memory without.</summary>
internal static class BusServiceCollectionExtensions
{
    public static IServiceCollection AddBus(this IServiceCollection services, Role roles, string? rabbitMq)
    {
        // In memory there must be endpoints before there are messages. A broker may be down: the gateway says 503 then.
        services.AddOptions<MassTransitHostOptions>().Configure(options =>
        {
            options.WaitUntilStarted = rabbitMq is null;
            options.StopTimeout = TimeSpan.FromSeconds(20);
        });
        return services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddReceiveObserver<ConsumeMetrics>();
            bus.AddConsumersOf(roles);
            if (rabbitMq is null)
            {
                bus.UsingInMemory((context, configurator) =>
                {
                    configurator.CarryTraces();
                    configurator.ConfigureEndpoints(context);
                });
            }
            else
            {
                bus.AddConfigureEndpointsCallback((_, _, endpoint) =>
                {
                    if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
                    {
                        queue.SetQuorumQueue();
                    }
                });
                bus.UsingRabbitMq((context, configurator) =>
                {
                    configurator.Host(new Uri(rabbitMq), host => host.PublisherConfirmation = true);
                    configurator.CarryTraces();
                    configurator.DeclareQueues();

                    // Without it a process that only publishes has no endpoint, and would not notice that the broker is gone.
                    configurator.AutoStart = true;
                    configurator.ConfigureEndpoints(context);
                });
            }
        });
    }

    private static void AddConsumersOf(this IBusRegistrationConfigurator bus, Role roles)
    {
        if (roles.HasFlag(Role.Enrichment))
        {
            bus.AddEnrichmentConsumers();
        }

        if (roles.HasFlag(Role.Analysis))
        {
            bus.AddAnalysisConsumers();
        }

        if (roles.HasFlag(Role.Notification))
        {
            bus.AddNotificationConsumers();
        }

        if (roles.HasFlag(Role.Remediation))
        {
            bus.AddRemediationConsumers();
        }
    }

    // MassTransit gives on a span that it makes, and makes none of what is not sampled: the next stage would toss the coin again.
    private static void CarryTraces(this IBusFactoryConfigurator configurator) => configurator.ConfigurePublish(pipe => pipe.UseExecute(context =>
    {
        if (Traces.Current is { } traceparent)
        {
            context.Headers.Set(DiagnosticHeaders.ActivityId, traceparent);
        }
    }));

    // Whoever publishes declares the consumer's queue too: a message to an exchange without a queue is confirmed and lost,
    // and a stage that has never run yet has not declared its own. Not so the queue remediation-proposals, which would fill up where
    // nobody runs that stage: what is lost there the store still owes.
    private static void DeclareQueues(this IRabbitMqBusFactoryConfigurator configurator)
    {
        configurator.DeclareQueue<AlertReceived>("enrichment");
        configurator.DeclareQueue<ContextEnriched>("analysis");
        configurator.DeclareQueue<AnalysisCompleted>("notification");
        configurator.DeclareQueue<RemediationProposed>("notification");
        configurator.DeclareQueue<RemediationCompleted>("notification");
        configurator.DeclareQueue<IncidentChanged>("notification");
        configurator.DeclareQueue<RemediationRequested>("remediation");
    }

    // Bound to the message's own exchange. The consumer's endpoint binds it once more by way of an exchange of its name;
    // RabbitMQ delivers a message to a queue once, however many ways lead there.
    private static void DeclareQueue<TMessage>(this IRabbitMqBusFactoryConfigurator configurator, string queue)
        where TMessage : class
    {
        var exchange = configurator.MessageTopology.GetMessageTopology<TMessage>().EntityName;
        configurator.Publish<TMessage>(topology => topology.BindQueue(exchange, queue, binding => binding.SetQueueArgument("x-queue-type", "quorum")));
    }
}
