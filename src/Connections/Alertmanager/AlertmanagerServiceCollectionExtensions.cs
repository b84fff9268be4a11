using AlertResponder.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AlertResponder.Connections.Alertmanager;

/// <summary>Registers Alertmanager.</summary>
public static class AlertmanagerServiceCollectionExtensions
{
    /// <summary>Adds the options, the client and its upstream, once however many stages call it.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Section <c>Alertmanager</c>.</param>
    public static IServiceCollection AddAlertmanager(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (services.Any(service => service.ServiceType == typeof(AlertmanagerClient)))
        {
            return services;
        }

        services.AddOptions<AlertmanagerOptions>().Bind(configuration.GetSection(AlertmanagerOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AlertmanagerOptions>, AlertmanagerOptionsCheck>());
        return services
            .AddUpstream(UpstreamNames.Alertmanager)
            .AddSingleton(provider =>
            {
                var options = provider.GetRequiredService<IOptions<AlertmanagerOptions>>();
                return new AlertmanagerClient(AlertmanagerClient.CreateHttp(options.Value.Url is { Length: > 0 }), options);
            });
    }
}
