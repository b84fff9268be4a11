using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Resilience;

/// <summary>Registers the upstreams.</summary>
public static class UpstreamsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the named upstream as a keyed singleton, once however many stages call it, and to the <see cref="Upstream"/>
    /// services that health and status list.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">One of <see cref="UpstreamNames"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The name is not among them.</exception>
    public static IServiceCollection AddUpstream(this IServiceCollection services, string name)
    {
        var policy = name switch
        {
            UpstreamNames.Bedrock => UpstreamPolicies.Bedrock,
            UpstreamNames.Kubernetes => UpstreamPolicies.Kubernetes,
            UpstreamNames.Slack => UpstreamPolicies.Slack,
            UpstreamNames.Alertmanager => UpstreamPolicies.Alertmanager,
            UpstreamNames.AlertmanagerListings => UpstreamPolicies.AlertmanagerListings,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not an upstream."),
        };
        if (services.Any(service => service.IsKeyedService && service.ServiceType == typeof(Upstream) && Equals(service.ServiceKey, name)))
        {
            return services;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddKeyedSingleton(name, (provider, _) => new Upstream(
            policy, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Upstream>>()));
        return services.AddSingleton(provider => provider.GetRequiredKeyedService<Upstream>(name));
    }
}
