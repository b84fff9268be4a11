using AlertResponder.Analysis;
using AlertResponder.Enrichment;
using AlertResponder.Gateway;
using AlertResponder.Host.Bus;
using AlertResponder.Host.Callers;
using AlertResponder.Host.Health;
using AlertResponder.Host.Logging;
using AlertResponder.Host.Metrics;
using AlertResponder.Host.Roles;
using AlertResponder.Host.Settings;
using AlertResponder.Host.Tracing;
using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Notification.Page;
using AlertResponder.Remediation;
using Microsoft.Extensions.Options;

namespace AlertResponder.Host;

/// <summary>The application: the stages whose roles are on, around one bus and one store.</summary>
public static class Pipeline
{
    /// <summary>Where the gateway listens when nothing else is said.</summary>
    public const string DefaultAddress = "http://localhost:8080";

    // As ASPNETCORE_URLS and so on; a section Kestrel:Endpoints overrides all of them.
    private static readonly string[] AddressSettings = ["urls", "http_ports", "https_ports"];

    /// <summary>Builds it, ready to run.</summary>
    /// <param name="args">Settings as <c>--Section:Name=value</c>.</param>
    /// <param name="configure">Further settings and services, applied last but for the stages that they configure.</param>
    /// <exception cref="SettingsException">The configuration is wrong; it has all errors.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = CreateBuilder(args);
        configure?.Invoke(builder);
        if (AddressSettings.All(name => string.IsNullOrEmpty(builder.Configuration[name]) && string.IsNullOrEmpty(builder.WebHost.GetSetting(name))))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        var roles = RoleParser.Parse(builder.Configuration["Roles"], out var roleError);
        var errors = SettingsCheck.Errors(builder.Configuration, roles, roleError);
        if (roleError is not null || KnownSettings.Mistyped(builder.Configuration).Any())
        {
            // Without roles there are no services, and a value of the wrong type cannot be bound: no further errors can be found.
            throw new SettingsException(errors);
        }

        builder.AddStages(roles);
        var app = builder.Build();
        errors = [.. errors, .. SettingsCheck.OptionErrors(app.Services)];
        if (errors.Count > 0)
        {
            throw new SettingsException(errors);
        }

        app.UseTrustedProxies();
        app.MapHealth();
        app.MapStatus(roles);
        app.MapPrometheus();
        if (roles.HasFlag(Role.Gateway))
        {
            app.MapGateway();
        }

        if (roles.HasFlag(Role.Notification))
        {
            app.MapPage(
                app.Services.GetRequiredService<IOptions<PageOptions>>().Value.Token,
                app.Configuration.GetValue<bool>("Remediation:Enabled"),
                app.Services.GetRequiredService<PageGuard>().Refuse);
        }

        return app;
    }

    /// <summary>The configuration alone, as the application would see it.</summary>
    /// <param name="args">Settings as <c>--Section:Name=value</c>.</param>
    internal static IConfiguration Configuration(string[] args) => CreateBuilder(args).Configuration;

    // The shipped appsettings.json lies beside the program, wherever it is called from.
    private static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddScrubbedConsole();
        return builder;
    }

    private static void AddStages(this WebApplicationBuilder builder, Role roles)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        var rabbitMq = configuration.RabbitMq();
        services.AddCallers(configuration);
        services.AddIncidents(configuration);
        services.AddHealthChecks().AddCheck<StoreHealthCheck>(StoreHealthCheck.Name);
        services.AddPrometheus();
        builder.AddTracing(roles);
        services.AddBus(roles, rabbitMq);
        if (roles.HasFlag(Role.Gateway))
        {
            services.AddGateway(configuration, durableBus: rabbitMq is not null);
        }

        if (roles.HasFlag(Role.Enrichment))
        {
            services.AddEnrichment(configuration, durableBus: rabbitMq is not null);
            services.AddRetention(configuration);
        }

        if (roles.HasFlag(Role.Analysis))
        {
            services.AddAnalysis(configuration);
        }

        if (roles.HasFlag(Role.Notification))
        {
            services.AddNotification(configuration, durableBus: rabbitMq is not null);
        }

        if (roles.HasFlag(Role.Remediation))
        {
            services.AddRemediation(configuration);
        }
    }
}
