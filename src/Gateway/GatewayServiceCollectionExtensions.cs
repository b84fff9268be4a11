using AlertResponder.Gateway.Alertmanager;
using AlertResponder.Gateway.Intake;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Gateway;

/// <summary>The gateway: HTTP in, <c>AlertReceived</c> out.</summary>
public static class GatewayServiceCollectionExtensions
{
    /// <summary>Adds the gateway.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Section <c>Gateway</c>.</param>
    /// <param name="durableBus">Whether the bus keeps what it confirms (RabbitMQ); else accepted alerts go through the inbox table.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, IConfiguration configuration, bool durableBus)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<GatewayOptions>().Bind(configuration.GetSection("Gateway")).ValidateDataAnnotations().ValidateOnStart();
        services.AddProblemDetails();
        if (durableBus)
        {
            return services.AddSingleton<IAlertIntake, BrokerIntake>();
        }

        return services
            .AddSingleton<InboxSignal>()
            .AddScoped<IAlertIntake, InboxIntake>()
            .AddHostedService<InboxDispatcher>();
    }

    /// <summary>Maps <c>POST /webhooks/alertmanager</c>.</summary>
    public static void MapGateway(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapWebhook();
        GatewayMetrics.Begin();
    }
}
