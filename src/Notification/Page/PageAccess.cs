using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Notification.Page;

/// <summary>Who may see the page: whoever the host lets, and a browser that has signed in with the token.</summary>
/// <param name="token"><c>Page:Token</c>; null when there is none.</param>
/// <param name="refuse">The host's decision on a call without a session: null when it may.</param>
/// <param name="time">The clock of the sessions.</param>
internal sealed class PageAccess(string? token, Func<HttpContext, IResult?> refuse, TimeProvider time)
{
    private const string PlainCookie = "alert-responder-session";

    // A browser takes one of this name over https alone, and of this very host.
    private const string SecureCookie = "__Host-" + PlainCookie;
    private static readonly TimeSpan SessionLasts = TimeSpan.FromDays(7);

    private readonly byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(token ?? ""), 32, info: "alert-responder page session"u8.ToArray());

    /// <summary>Whether there is a token to sign in with.</summary>
    public bool HasToken => !string.IsNullOrEmpty(token);

    /// <summary>An endpoint filter.</summary>
    public async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (HasToken && IsSession(context.Request.Cookies[Cookie(context)]))
            return await next(invocation);
        if (refuse(context) is not { } refusal)
            return await next(invocation);
        return HasToken && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? Results.Redirect("/login")
            : refusal;
    }

    /// <summary>Whether this is the token.</summary>
    public bool IsToken(string given) => HasToken && Same(given, token!);

    /// <summary>Begins a session, for whoever has shown the token.</summary>
    public void SignIn(HttpContext context)
    {
        var expires = time.GetUtcNow() + SessionLasts;
        context.Response.Cookies.Append(Cookie(context), Session(expires.ToUnixTimeSeconds()), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/",
            Expires = expires,
        });
    }

    private static string Cookie(HttpContext context) => context.Request.IsHttps ? SecureCookie : PlainCookie;

    private bool IsSession(string? value) =>
        value is not null
        && long.TryParse(value.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
        && expires > time.GetUtcNow().ToUnixTimeSeconds()
        && Same(value, Session(expires));

    // Nothing of it is stored: every process with the same token knows it, and a new token ends all sessions. The key is made of the token and is
    // not the token itself, which is sent elsewhere too.
    private string Session(long expires)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"alert-responder page session {expires}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{expires}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)))}");
    }

    // Hashed first, so that the comparison takes the same time whatever the length.
    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
