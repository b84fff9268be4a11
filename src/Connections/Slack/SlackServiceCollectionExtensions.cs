using AlertResponder.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SlackNet;

namespace AlertResponder.Connections.Slack;

/// <summary>Registers Slack.</summary>
public static class SlackServiceCollectionExtensions
{
    /// <summary>Adds the options, and with a bot token the client of the Web API and its upstream, once however many stages call it.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Section <c>Slack</c>.</param>
    /// <returns>The options as they are configured, not yet validated.</returns>
    public static SlackOptions AddSlack(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(SlackOptions.Section);
        var options = section.Get<SlackOptions>() ?? new SlackOptions();
        if (services.Any(service => service.ServiceType == typeof(IValidateOptions<SlackOptions>)))
        {
            return options;
        }

        services.AddOptions<SlackOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        if (options.Enabled)
        {
            services.AddUpstream(UpstreamNames.Slack)
                .AddSingleton(provider => SlackApi.Create(provider.GetRequiredService<IOptions<SlackOptions>>().Value));
        }

        return options;
    }
}
