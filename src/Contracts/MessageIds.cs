using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AlertResponder.Contracts;

/// <summary>Message ids that derive from what a message means, so that a redelivered message emits the same ids again.</summary>
public static class MessageIds
{
    /// <summary>The id of what <paramref name="parts"/> name together (incident, revision, kind): the same parts, the same id.</summary>
    public static Guid For(params ReadOnlySpan<object> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            var value = Convert.ToString(part, CultureInfo.InvariantCulture) ?? "";
            text.Append(value.Length).Append(':').Append(value);
        }

        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    /// <summary>The id of an alert in a given state: HA Alertmanagers and repeats arrive at the same one.</summary>
    public static Guid For(Alert alert) =>
        For(nameof(AlertReceived), alert.Fingerprint, alert.StartsAt.UtcTicks, alert.Status);
}
