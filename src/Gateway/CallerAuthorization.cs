using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Gateway;

/// <summary>
/// Who may call an endpoint that is protected by a token: whoever has it; without a configured token, this machine alone, by a name of its own. A name of
/// another's making that leads here (DNS rebinding) would let a foreign page read along, or post.
/// </summary>
public static class CallerAuthorization
{
    private const string Scheme = "Bearer ";
    private const string Forwarded = "X-Forwarded-";
    private static readonly object ByProxy = new();

    // ASP.NET moves what it has taken of X-Forwarded-For to X-Original-For: whose address a proxy tells is not of this machine, whatever the address.
    private static readonly string[] ProxyHeaders = ["X-Original-For", "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP"];

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
            return !IsLocal(context)
                ? new CallerRefusal(StatusCodes.Status403Forbidden, $"Without {setting} only loopback may call this, and no proxy: set a token here and send it as a bearer token.")
                : !IsLoopbackName(context.Request.Host.Host)
                    ? new CallerRefusal(StatusCodes.Status403Forbidden, $"Without {setting} this answers to localhost, 127.0.0.1 and [::1] only: call it by one of these, or set a token here and send it as a bearer token.")
                    : IsOfAnotherPage(context)
                        ? new CallerRefusal(StatusCodes.Status403Forbidden, $"Without {setting} this answers to no page and no link of another site: open the address by itself, or set a token here and send it as a bearer token.")
                        : null;
        }

        return BearerToken(context) is { } given && Same(given, token)
            ? null
            : new CallerRefusal(StatusCodes.Status401Unauthorized, "The bearer token is missing or wrong.");
    }

    /// <summary>The bearer token that the call came with; null without one, also where it came with credentials of another kind.</summary>
    public static string? BearerToken(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }

    /// <summary>Whether the call has a header by which proxies tell for whom they speak.</summary>
    public static bool IsForwarded(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ProxyHeaders.Any(context.Request.Headers.ContainsKey) || context.Request.Headers.Keys.Any(name => name.StartsWith(Forwarded, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Notes that a call comes from a proxy, whether or not it has said for whom it speaks: it is nobody of this machine.</summary>
    public static void MarkAsProxys(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Items[ByProxy] = true;
    }

    // A proxy on this machine speaks for others, and says so in one of many ways. nginx says nothing unless told to; before 1.29.7 it asked in HTTP/1.0,
    // newer ones cannot be told from a caller.
    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !context.Items.ContainsKey(ByProxy)
        && !HttpProtocol.IsHttp10(context.Request.Protocol)
        && !IsForwarded(context);

    // A browser says where it was before: another site, or this one by the name that a proxy has for it, which is none of this machine's.
    private static bool IsOfAnotherPage(HttpContext context) =>
        new[] { context.Request.Headers.Origin.ToString(), context.Request.Headers.Referer.ToString() }
            .Any(page => page.Length > 0 && !(Uri.TryCreate(page, UriKind.Absolute, out var address) && IsLoopbackName(address.DnsSafeHost)));

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    // Hashed first, so that the comparison takes the same time whatever the length.
    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}

/// <summary>Why a caller may not, with the HTTP status that says so.</summary>
/// <param name="StatusCode">401 or 403.</param>
/// <param name="Reason">For the caller.</param>
public sealed record CallerRefusal(int StatusCode, string Reason);
