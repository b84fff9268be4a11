using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>Who may post alerts: whoever has the token; without a token, loopback alone.</summary>
internal static class WebhookAuthorization
{
    private const string Scheme = "Bearer ";

    /// <returns>The refusal, or null when the caller may post.</returns>
    public static WebhookRefusal? Refusal(HttpContext context, string? token)
    {
        if (token is null)
        {
            return IsLocal(context)
                ? null
                : new WebhookRefusal(StatusCodes.Status403Forbidden, "Without Gateway:WebhookToken only loopback may post alerts: set one here and in Alertmanager's http_config.");
        }

        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && Same(header[Scheme.Length..].Trim(), token)
            ? null
            : new WebhookRefusal(StatusCodes.Status401Unauthorized, "The bearer token is missing or wrong.");
    }

    // A proxy on this machine speaks for others.
    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded");

    // Hashed first, so that the comparison takes the same time whatever the length.
    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
