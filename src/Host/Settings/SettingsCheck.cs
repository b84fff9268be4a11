using AlertResponder.Host.Roles;
using AlertResponder.Host.Tracing;
using AlertResponder.Incidents;
using Microsoft.Extensions.Options;

namespace AlertResponder.Host.Settings;

/// <summary>Everything that is wrong with the configuration, at once, each with its fix, before anything starts.</summary>
internal static class SettingsCheck
{
    /// <summary>What can be said before the services are built.</summary>
    public static IReadOnlyList<string> Errors(IConfiguration configuration, Role roles, string? roleError)
    {
        List<string> errors = [.. KnownSettings.Unknown(configuration), .. KnownSettings.UnknownInEntries(configuration), .. KnownSettings.Mistyped(configuration), .. TracingSettings.Errors(configuration)];
        if (roleError is not null)
        {
            errors.Add(roleError);
        }

        var rabbitMq = configuration.RabbitMq();
        if (rabbitMq is null && roleError is null && roles != Role.All)
        {
            errors.Add("Some roles only, but ConnectionStrings:RabbitMq is missing: the others could not be reached. Set it to amqp://user:pass@host:5672/vhost, or run all roles.");
        }
        else if (rabbitMq is not null && !(Uri.TryCreate(rabbitMq, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" or "rabbitmq" or "rabbitmqs"))
        {
            errors.Add("ConnectionStrings:RabbitMq is no amqp address: set it to amqp://user:pass@host:5672/vhost, or remove it for the in-memory bus.");
        }

        if (string.Equals(configuration["FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            // ASP.NET would take the headers before our own look at who has sent them.
            errors.Add("ASPNETCORE_FORWARDEDHEADERS_ENABLED is true, by which everybody's X-Forwarded-For would count: remove it, and list the proxies in Http:TrustedProxies.");
        }

        if (configuration.GetConnectionString("Incidents") is { Length: > 0 } incidents
            && IncidentsServiceCollectionExtensions.Validate(incidents) is { } storeError)
        {
            errors.Add($"ConnectionStrings:Incidents {storeError}.");
        }

        return errors;
    }

    /// <summary>What the options of the roles that are on say about themselves.</summary>
    public static IReadOnlyList<string> OptionErrors(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures.Select(Plain).Distinct(StringComparer.Ordinal)];
        }
        catch (AggregateException e)
        {
            return [.. e.Flatten().InnerExceptions.SelectMany(inner => inner is OptionsValidationException options ? options.Failures : [inner.Message]).Select(Plain).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>The broker's address; null for the in-memory bus.</summary>
    public static string? RabbitMq(this IConfiguration configuration) =>
        configuration.GetConnectionString("RabbitMq") is { Length: > 0 } address ? address : null;

    // "DataAnnotation validation failed for 'GatewayOptions' members: 'WebhookToken' with the error: '…'."
    private static string Plain(string failure)
    {
        const string Marker = "with the error: '";
        var start = failure.IndexOf(Marker, StringComparison.Ordinal);
        return start < 0 ? failure : failure[(start + Marker.Length)..].TrimEnd('.').TrimEnd('\'');
    }
}
