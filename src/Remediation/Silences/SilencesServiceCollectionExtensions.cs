using AlertResponder.Connections.Alertmanager;
using AlertResponder.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Remediation.Silences;

internal static class SilencesServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="Silencer"/>, its upstream, and the watch over silences.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Section <c>Alertmanager</c>.</param>
    public static IServiceCollection AddSilences(this IServiceCollection services, IConfiguration configuration) => services
        .AddAlertmanager(configuration)
        .AddSingleton(provider => new Silencer(
            provider.GetRequiredService<AlertmanagerClient>(), provider.GetRequiredKeyedService<Upstream>(UpstreamNames.Alertmanager)))
        .AddHostedService<SilenceWatch>();
}
