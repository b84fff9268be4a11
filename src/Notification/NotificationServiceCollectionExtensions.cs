using AlertResponder.Connections.Slack;
using AlertResponder.Incidents;
using AlertResponder.Notification.Console;
using AlertResponder.Notification.Page;
using AlertResponder.Notification.Slack;
using AlertResponder.Resilience;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SlackNet;

namespace AlertResponder.Notification;

/// <summary>Notification: the living message of each incident.</summary>
public static class NotificationServiceCollectionExtensions
{
    /// <summary>Adds notification, all but its consumer, which the bus registers: Slack with a bot token, else the console.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Section <c>Slack</c>.</param>
    /// <param name="durableBus">Whether messages survive a restart of this process.</param>
    public static IServiceCollection AddNotification(this IServiceCollection services, IConfiguration configuration, bool durableBus)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var slack = services.AddSlack(configuration);
        services.AddScoped<Redrawer>().AddScoped<AnswerTeller>();
        services.AddSingleton<LateRedraws>().AddHostedService(provider => provider.GetRequiredService<LateRedraws>());
        services.AddSingleton<ChangeFeed>().AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddSingleton(provider => new UntoldAnswers(
            provider.GetRequiredService<IServiceScopeFactory>(),
            isAlone: !durableBus,
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredKeyedService<TimeProvider>(StoreTime.Key),
            provider.GetRequiredService<ILogger<UntoldAnswers>>()));
        services.AddHostedService(provider => provider.GetRequiredService<UntoldAnswers>());
        services.AddHostedService<RefusalTeller>();
        if (slack.Enabled)
        {
            return services.AddSlackBoard();
        }

        services.TryAddSingleton(_ => Terminal.Create());
        return services.AddSingleton<IMessageBoard, ConsoleMessageBoard>();
    }

    private static IServiceCollection AddSlackBoard(this IServiceCollection services)
    {
        services.AddSingleton(provider => new SlackChannels(
            provider.GetRequiredService<IOptions<SlackOptions>>().Value,
            provider.GetRequiredKeyedService<TimeProvider>(StoreTime.Key),
            provider.GetRequiredService<ILogger<SlackChannels>>()));
        services.AddHealthChecks().AddCheck<SlackChannels>(SlackChannels.HealthCheckName);
        services.AddSingleton(provider => new SlackMessenger(
            provider.GetRequiredService<ISlackApiClient>(),
            provider.GetRequiredKeyedService<Upstream>(UpstreamNames.Slack),
            provider.GetRequiredService<IOptions<SlackOptions>>().Value,
            provider.GetRequiredService<SlackChannels>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SlackMessenger>>()));
        services.AddHostedService<SlackChannelWatch>();
        return services.AddSingleton<IMessageBoard>(provider => provider.GetRequiredService<SlackMessenger>());
    }

    /// <summary>Adds notification's consumer to the bus.</summary>
    public static void AddNotificationConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<RedrawConsumer, RedrawConsumerDefinition>();
}
