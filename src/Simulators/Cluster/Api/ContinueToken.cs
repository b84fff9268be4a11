using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>Where the next page of a list starts: base64url of the version, a resource version and the last key with a zero byte.</summary>
internal static class ContinueToken
{
    public static string Write(long resourceVersion, string lastKey) => WebEncoders.Base64UrlEncode(
        JsonSerializer.SerializeToUtf8Bytes(new Content("meta.k8s.io/v1", resourceVersion, lastKey + "\0")));

    /// <exception cref="FormatException">It isn't one of ours.</exception>
    public static string ReadLastKey(string token)
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(WebEncoders.Base64UrlDecode(token));
            return content is { v: "meta.k8s.io/v1", start: { } start } ? start.TrimEnd('\0') : throw new FormatException();
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw new FormatException("continue key is not valid", exception);
        }
    }

    private sealed record Content(string v, long rv, string start);
}
