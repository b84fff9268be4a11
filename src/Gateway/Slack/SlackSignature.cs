using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Gateway.Slack;

/// <summary>Whether a callback is Slack's own, by its signature, version v0. Source: Slack, "Verifying requests from Slack".</summary>
/// <param name="Timestamp">As it was sent, since the signature covers it.</param>
/// <param name="Hash">What the signature says.</param>
internal sealed record SlackSignature(string Timestamp, byte[] Hash)
{
    private const string Version = "v0";

    // Slack's own value. A later repetition is refused by its age, an earlier one because the click is known.
    private const long Window = 5 * 60;

    /// <summary>The request's signature; null when it has none of the right form, or one from too long ago or too far ahead.</summary>
    public static SlackSignature? Read(IHeaderDictionary headers, DateTimeOffset now)
    {
        var timestamp = headers["X-Slack-Request-Timestamp"].ToString();
        var signature = headers["X-Slack-Signature"].ToString();
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || now.ToUnixTimeSeconds() - seconds is > Window or < -Window
            || !signature.StartsWith($"{Version}=", StringComparison.Ordinal))
        {
            return null;
        }

        var hash = new byte[HMACSHA256.HashSizeInBytes];
        var isHash = Convert.FromHexString(signature.AsSpan(Version.Length + 1), hash, out _, out var written) == OperationStatus.Done;
        return isHash && written == hash.Length ? new SlackSignature(timestamp, hash) : null;
    }

    /// <summary>Whether it is of this body, by this secret. Takes the same time wherever they differ.</summary>
    public bool Fits(ReadOnlySpan<byte> body, string secret)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{Version}:{Timestamp}:"));
        hmac.AppendData(body);
        return CryptographicOperations.FixedTimeEquals(hmac.GetHashAndReset(), Hash);
    }
}
