using AlertResponder.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation.Silences;

internal static class SilencesServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="Silencer"/>, its upstream, and the watch over silences.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Section <c>Alertmanager</c>.</param>
    public static IServiceCollection AddSilences(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AlertmanagerOptions>().Bind(configuration.GetSection(AlertmanagerOptions.Section)).ValidateOnStart();
        return services
            .AddUpstream(UpstreamNames.Alertmanager)
            .AddSingleton<IValidateOptions<AlertmanagerOptions>, AlertmanagerOptionsCheck>()
            .AddSingleton(provider => new Silencer(
                new AlertmanagerClient(AlertmanagerClient.CreateHttp(), provider.GetRequiredService<IOptions<AlertmanagerOptions>>()),
                provider.GetRequiredKeyedService<Upstream>(UpstreamNames.Alertmanager)))
            .AddHostedService<SilenceWatch>();
    }
}
