using AlertResponder.Remediation.Silences;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Remediation;

/// <summary>Remediation: the only stage that may write to a cluster. It answers every request; for now with a refusal.</summary>
public static class RemediationServiceCollectionExtensions
{
    /// <summary>Adds remediation, all but its consumer, which the bus registers.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Section <c>Remediation</c>.</param>
    public static IServiceCollection AddRemediation(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<RemediationOptions>().Bind(configuration.GetSection("Remediation"));
        return services.AddSilences(configuration).AddScoped<RemediationDesk>();
    }

    /// <summary>Adds remediation's consumer to the bus.</summary>
    public static void AddRemediationConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<RemediationRequestedConsumer, RemediationRequestedConsumerDefinition>();
}
