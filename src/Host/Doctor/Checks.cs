using AlertResponder.Analysis;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Connections.Kubernetes;
using AlertResponder.Connections.Slack;
using AlertResponder.Host.Roles;
using AlertResponder.Host.Settings;
using AlertResponder.Remediation;
using Amazon.BedrockRuntime;
using Microsoft.Extensions.Options;
using SlackNet;
using k8s;

namespace AlertResponder.Host.Doctor;

/// <summary>What is looked at, and in which order it is told.</summary>
internal static class Checks
{
    /// <summary>The checks of the roles that are on.</summary>
    /// <param name="services">Of the application, which is built and not started.</param>
    /// <param name="roles">The roles.</param>
    public static IEnumerable<Check> Of(IServiceProvider services, Role roles)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var meetsCluster = roles.HasFlag(Role.Enrichment) || roles.HasFlag(Role.Remediation);
        yield return BrokerCheck.Of(configuration.RabbitMq());
        yield return StoreCheck.Of(
            services,
            needsClusterName: meetsCluster && services.GetRequiredService<IOptions<KubernetesOptions>>().Value.ClusterName is null);
        if (roles.HasFlag(Role.Gateway))
        {
            yield return GatewayCheck.Of(configuration);
            yield return ClickCheck.Of(services.GetRequiredService<IOptions<SlackOptions>>().Value);
        }

        if (roles.HasFlag(Role.Enrichment))
        {
            yield return ClusterCheck.Of(services.GetService<IKubernetes>());
        }

        if (roles.HasFlag(Role.Analysis))
        {
            // Made by the check itself, since it fails without a region.
            var isConfigured = services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IAmazonBedrockRuntime));
            yield return BedrockCheck.Of(
                isConfigured ? services.GetRequiredService<IAmazonBedrockRuntime> : null,
                services.GetRequiredService<IOptions<BedrockOptions>>().Value,
                services.GetRequiredService<IOptions<AnalysisOptions>>().Value.DailyBudgetUsd);
        }

        if (roles.HasFlag(Role.Notification))
        {
            yield return SlackCheck.Of(services.GetService<ISlackApiClient>(), services.GetRequiredService<IOptions<SlackOptions>>().Value);
        }

        if (roles.HasFlag(Role.Remediation))
        {
            yield return RemediationCheck.Of(services.GetService<IKubernetes>(), services.GetRequiredService<IOptions<RemediationOptions>>().Value);
        }

        if (meetsCluster)
        {
            yield return AlertmanagerCheck.Of(
                services.GetRequiredService<IOptions<AlertmanagerOptions>>().Value,
                compares: roles.HasFlag(Role.Enrichment),
                silences: roles.HasFlag(Role.Remediation) ? configuration.GetValue<bool>("Remediation:Enabled") : null);
        }
    }
}
