using System.Net;
using AlertResponder.Gateway;
using AlertResponder.Notification.Page;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace AlertResponder.Host.Callers;

/// <summary>Who calls, in every role: through which proxies, and who may see incidents.</summary>
internal static class CallersServiceCollectionExtensions
{
    /// <summary>Adds the sections <c>Http</c> and <c>Page</c>.</summary>
    public static IServiceCollection AddCallers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HttpOptions>().Bind(configuration.GetSection("Http")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HttpOptions>, HttpOptions.Check>();
        services.AddOptions<PageOptions>().Bind(configuration.GetSection("Page")).Validate(options => options.IsLongEnough(), PageOptions.TooShort).ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<HttpOptions>>((forwarded, http) =>
        {
            // Without a network in its list ASP.NET believes everybody. Its own list has loopback, where anybody's proxy may be.
            var networks = http.Value.Networks();
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var network in networks)
            {
                forwarded.KnownIPNetworks.Add(network);
            }

            forwarded.ForwardedHeaders = networks.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;

            // What stands before these entries the caller may have written.
            forwarded.ForwardLimit = http.Value.TrustedProxyCount;
        });
        return services.AddSingleton<FailedTries>().AddSingleton<PageGuard>();
    }

    /// <summary>
    /// Takes the trusted proxies' word, and nobody else's. A call that comes from one, speaks for somebody, or has no address of its own (a Unix socket,
    /// whose first word ASP.NET believes unchecked) is not of this machine, whatever is said of it.
    /// </summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var networks = app.Services.GetRequiredService<IOptions<HttpOptions>>().Value.Networks();
        app.Use((context, next) =>
        {
            if (context.Connection.RemoteIpAddress is not { } address || networks.Any(network => network.Contains(Plain(address))) || CallerAuthorization.IsForwarded(context))
            {
                CallerAuthorization.MarkAsProxys(context);
            }

            return next(context);
        });
        app.UseForwardedHeaders();
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
