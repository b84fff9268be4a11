using System.Net.Http.Headers;
using System.Text;

namespace AlertResponder.Connections.Alertmanager;

/// <summary>Section <c>Alertmanager</c>: where silences are made, and what incidents are compared with.</summary>
public sealed class AlertmanagerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Alertmanager";

    /// <summary>Its address with the path that it is served under; what the webhook states (<c>externalURL</c>) without.</summary>
    public string? Url { get; set; }

    /// <summary>Sent to <see cref="Url"/>, and nowhere else.</summary>
    public string? BearerToken { get; set; }

    /// <summary>For basic authentication, instead of a token. Sent to <see cref="Url"/>, and nowhere else.</summary>
    public string? Username { get; set; }

    /// <summary>Goes with <see cref="Username"/>.</summary>
    public string? Password { get; set; }

    /// <summary>How often our alerts are compared with those that it has, in seconds; 0 for never.</summary>
    public int CompareSeconds { get; set; } = 120;

    /// <summary>The same as a time.</summary>
    public TimeSpan CompareInterval() => TimeSpan.FromSeconds(CompareSeconds);

    /// <summary>The header by which <see cref="Url"/> is asked; null without credentials.</summary>
    public AuthenticationHeaderValue? Authorization() =>
        BearerToken is { Length: > 0 } token ? new AuthenticationHeaderValue("Bearer", token)
        : Username is { Length: > 0 } user ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Password}")))
        : null;
}
