using AlertResponder.Connections.Kubernetes;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Cluster;
using AlertResponder.Remediation.Execution;
using AlertResponder.Remediation.Policy;
using AlertResponder.Remediation.Proposals;
using AlertResponder.Remediation.Silences;
using AlertResponder.Remediation.Verification;
using AlertResponder.Resilience;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using k8s;

namespace AlertResponder.Remediation;

/// <summary>Remediation: the only stage that may write to a cluster.</summary>
public static class RemediationServiceCollectionExtensions
{
    /// <summary>
    /// Adds remediation, all but its consumers, which the bus registers, and <see cref="IKubernetes"/> where there is a cluster.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Sections <c>Remediation</c>, <c>Alertmanager</c> and <c>Kubernetes</c>, and <c>KUBECONFIG</c>.</param>
    public static IServiceCollection AddRemediation(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problem = services.AddKubernetes(configuration);
        services.AddOptions<RemediationOptions>()
            .Bind(configuration.GetSection("Remediation"))
            .PostConfigure<IOptions<KubernetesOptions>>((options, kubernetes) => options.Cluster = kubernetes.Value.ClusterName)
            .Validate(_ => problem is null, problem ?? "")
            .ValidateOnStart();
        return services
            .AddSilences(configuration)
            .AddSingleton<IValidateOptions<RemediationOptions>, RemediationOptionsCheck>()
            .AddSingleton(provider => new ClusterObjects(provider.GetService<IKubernetes>(), provider.GetRequiredKeyedService<Upstream>(UpstreamNames.Kubernetes)))
            .AddSingleton(provider => new ActionTools(
                provider.GetRequiredService<ClusterObjects>(),
                provider.GetRequiredService<Silencer>(),
                provider.GetRequiredService<IOptions<RemediationOptions>>().Value,
                provider.GetRequiredService<TimeProvider>()))
            .AddScoped<Preparer>()
            .AddScoped<SilenceOffers>()
            .AddScoped<ProposalDesk>()
            .AddScoped<ProposalRecords>()
            .AddScoped<People>()
            .AddScoped<Executor>()
            .AddScoped<RemediationDesk>()
            .AddScoped<FollowUp>()
            .AddHostedService<ProposalWatch>();
    }

    /// <summary>Adds remediation's consumers to the bus.</summary>
    public static void AddRemediationConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RemediationRequestedConsumer, RemediationRequestedConsumerDefinition>();
        bus.AddConsumer<AnalysisCompletedConsumer, AnalysisCompletedConsumerDefinition>();
    }
}
