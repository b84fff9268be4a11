using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using AlertResponder.Gateway.Alertmanager;
using AlertResponder.Gateway.Intake;
using AlertResponder.Gateway.Slack;
using AlertResponder.Incidents.Work;
using AlertResponder.Resilience;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SlackNet;

namespace AlertResponder.Gateway;

/// <summary>The gateway: HTTP in, <c>AlertReceived</c> out.</summary>
public static class GatewayServiceCollectionExtensions
{
    /// <summary>Adds the gateway.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Sections <c>Gateway</c> and <c>Slack</c>, and who approves remediations.</param>
    /// <param name="durableBus">Whether the bus keeps what it confirms (RabbitMQ); else accepted alerts go through the inbox table.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, IConfiguration configuration, bool durableBus)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<GatewayOptions>().Bind(configuration.GetSection("Gateway")).ValidateDataAnnotations()
            .Validate(options => options.Words() is not null, SeverityWords.Problem)
            .ValidateOnStart();
        services.AddSingleton<RefusalBook>().AddSingleton<ConfirmedAlerts>();
        services.AddProblemDetails();
        services.AddClicks(configuration);
        if (durableBus)
        {
            return services.AddSingleton<IAlertIntake, BrokerIntake>().AddScoped<IClickIntake, BrokerClickIntake>();
        }

        return services
            .AddSingleton<ClickDispatcher>().AddHostedService(provider => provider.GetRequiredService<ClickDispatcher>())
            .AddScoped<IClickIntake, StoreClickIntake>()
            .AddKeyedSingleton<WakeUp>(InboxDispatcher.Inbox)
            .AddScoped<IAlertIntake, InboxIntake>()
            .AddHostedService<InboxDispatcher>();
    }

    /// <summary>Maps <c>POST /webhooks/alertmanager</c> and <c>POST /slack/interactions</c>.</summary>
    public static void MapGateway(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapWebhook();
        endpoints.MapInteractions();
        GatewayMetrics.Begin();
    }

    private static void AddClicks(this IServiceCollection services, IConfiguration configuration)
    {
        var slack = configuration.GetSection(SlackOptions.Section).Get<SlackOptions>() ?? new SlackOptions();
        if (slack is { SigningSecret.Length: > 0 } or { AppToken.Length: > 0 })
        {
            services.AddSlack(configuration);
        }

        services.AddScoped<ClickDesk>().AddSingleton(provider => new SlackDirectory(
            provider.GetService<ISlackApiClient>(),
            provider.GetKeyedService<Upstream>(UpstreamNames.Slack),
            configuration.GetSection("Remediation:Approvers"),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SlackDirectory>>()));
        if (slack is { AppToken.Length: > 0 })
        {
            services.AddSingleton<SocketMode>().AddHostedService(provider => provider.GetRequiredService<SocketMode>());
            services.AddHealthChecks().Add(new HealthCheckRegistration(SocketMode.HealthCheckName, provider => provider.GetRequiredService<SocketMode>(), failureStatus: null, tags: null));
        }
    }
}
