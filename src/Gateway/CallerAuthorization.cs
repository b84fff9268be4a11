using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Gateway;

/// <summary>Who may call an endpoint that is protected by a token: whoever has it; without a configured token, loopback alone.</summary>
public static class CallerAuthorization
{
    private const string Scheme = "Bearer ";
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Decides a call.</summary>
    /// <param name="context">The call.</param>
    /// <param name="token">The configured token; null when there is none.</param>
    /// <param name="setting">The token's setting, for the refusal's text.</param>
    /// <returns>The refusal, or null when the caller may.</returns>
    public static CallerRefusal? Refusal(HttpContext context, string? token, string setting)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (string.IsNullOrEmpty(token))
        {
            return IsLocal(context)
                ? null
                : new CallerRefusal(StatusCodes.Status403Forbidden, $"Without {setting} only loopback may call this: set a token here and send it as a bearer token.");
        }

        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && Same(header[Scheme.Length..].Trim(), token)
            ? null
            : new CallerRefusal(StatusCodes.Status401Unauthorized, "The bearer token is missing or wrong.");
    }

    /// <summary>
    /// Decides a call to what a browser shows: without a token it must also address this machine by a loopback name. A name of
    /// another's making that leads here (DNS rebinding) would let a foreign page read along.
    /// </summary>
    /// <inheritdoc cref="Refusal" path="/param|/returns"/>
    public static CallerRefusal? BrowserRefusal(HttpContext context, string? token, string setting)
    {
        ArgumentNullException.ThrowIfNull(context);
        return string.IsNullOrEmpty(token) && !LoopbackNames.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase)
            ? new CallerRefusal(StatusCodes.Status403Forbidden, $"Without {setting} this answers to localhost, 127.0.0.1 and [::1] only.")
            : Refusal(context, token, setting);
    }

    // A proxy on this machine speaks for others.
    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded");

    // Hashed first, so that the comparison takes the same time whatever the length.
    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}

/// <summary>Why a caller may not, with the HTTP status that says so.</summary>
/// <param name="StatusCode">401 or 403.</param>
/// <param name="Reason">For the caller.</param>
public sealed record CallerRefusal(int StatusCode, string Reason);
