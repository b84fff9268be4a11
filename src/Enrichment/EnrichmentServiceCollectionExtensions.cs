using AlertResponder.Connections.Alertmanager;
using AlertResponder.Connections.Kubernetes;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Comparison;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Resilience;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using k8s;

namespace AlertResponder.Enrichment;

/// <summary>Enrichment: alerts become incidents with evidence.</summary>
public static class EnrichmentServiceCollectionExtensions
{
    /// <summary>Adds enrichment, all but its consumer, which the bus registers, and <see cref="IKubernetes"/> where there is a cluster.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Sections <c>Enrichment</c>, <c>Alertmanager</c> and <c>Kubernetes</c>, <c>Gateway:SeverityWords</c>, and <c>KUBECONFIG</c>.</param>
    /// <param name="durableBus">Whether the bus keeps its messages over a restart (RabbitMQ).</param>
    public static IServiceCollection AddEnrichment(this IServiceCollection services, IConfiguration configuration, bool durableBus)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problem = services.AddKubernetes(configuration);

        // What the gateway reads a webhook's severities by.
        var words = SeverityWords.Configured(configuration.GetSection("Gateway:SeverityWords").Get<Dictionary<string, string>>() ?? []);
        services.AddOptions<EnrichmentOptions>()
            .Bind(configuration.GetSection("Enrichment"))
            .PostConfigure(options =>
            {
                if (options.IgnoredAlerts.Count == 0)
                {
                    foreach (var name in EnrichmentOptions.DefaultIgnoredAlerts)
                    {
                        options.IgnoredAlerts.Add(name);
                    }
                }
            })
            .Validate(_ => problem is null, problem ?? "")
            .Validate(_ => words is not null, SeverityWords.Problem)
            .ValidateOnStart();
        return services
            .AddSingleton(provider => new ClusterConnection(
                provider.GetService<IKubernetes>(),
                provider.GetRequiredKeyedService<Upstream>(UpstreamNames.Kubernetes),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<IOptions<KubernetesOptions>>().Value.ClusterName))
            .AddSingleton(new BusDurability(durableBus))
            .AddAlertmanager(configuration)
            .AddUpstream(UpstreamNames.AlertmanagerListings)
            .AddScoped<Correlator>()
            .AddScoped<GuessedSubjects>()
            .AddSingleton(words ?? SeverityWords.Shipped)
            .AddSingleton<Listings>()
            .AddScoped<LateFirings>()
            .AddScoped<Comparer>()
            .AddScoped<Enricher>()
            .AddHostedService<StalledIncidents>()
            .AddHostedService<AlertmanagerWatch>();
    }

    /// <summary>Adds enrichment's consumer to the bus.</summary>
    public static void AddEnrichmentConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<AlertReceivedConsumer, AlertReceivedConsumerDefinition>();
}
