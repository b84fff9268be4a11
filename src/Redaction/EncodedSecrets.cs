using System.Text;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>Base64: what is a secret when decoded, and what is too long and too mixed for anything but a key.</summary>
internal static partial class EncodedSecrets
{
    private const int Shortest = 16;
    private const int LongestDecoded = 64 * 1024;

    // Public by nature: certificates in Base64 of PEM, the keys of ssh, digests.
    private static readonly string[] PublicStarts = ["LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS", "LS0tLS1CRUdJTiBQVUJMSUMgS0VZ", "AAAAB3NzaC1", "AAAAC3NzaC1", "AAAAE2VjZHNh"];
    private static readonly string[] Digests = ["sha256-", "sha384-", "sha512-", "SHA256:", "SHA512:"];

    /// <param name="text">The text.</param>
    /// <param name="found">What is found is added.</param>
    /// <param name="layer">How deep decoded text would lie; null to decode no further.</param>
    public static void Find(string text, List<SecretSpan> found, int? layer)
    {
        var certificates = text.Contains("BEGIN CERT", StringComparison.Ordinal) ? SecretSpan.Merged(Certificate().Matches(text).Select(SecretSpan.Of)) : [];
        var next = 0;
        foreach (Match match in Run().Matches(text))
        {
            while (next < certificates.Count && certificates[next].End <= match.Index)
            {
                next++;
            }

            if ((next < certificates.Count && certificates[next].Start <= match.Index) || IsPublic(text, match))
            {
                continue;
            }

            // What reads as text is as secret as that; what does not may be a key.
            if (layer is { } deeper && Decoded(match.ValueSpan) is { } decoded ? Redactor.HasSecrets(decoded, deeper) || UserAndPassword().IsMatch(decoded) : IsLong(text, match))
            {
                found.Add(SecretSpan.Of(match));
            }
        }
    }

    private static bool IsPublic(string text, Match match) =>
        PublicStarts.Any(start => match.ValueSpan.StartsWith(start, StringComparison.Ordinal))
        || Digests.Any(digest => text.AsSpan(0, match.Index).EndsWith(digest, StringComparison.Ordinal) || match.ValueSpan.StartsWith(digest, StringComparison.Ordinal));

    // Digests are hexadecimal, names are lower case, paths have more slashes, files have an extension.
    private static bool IsLong(string text, Match match) =>
        LongBase64().IsMatch(match.ValueSpan) && Randomness.IsMixed(match.ValueSpan) && !IsPath(match.ValueSpan) && !Extension().IsMatch(Rest(text, match.Index + match.Length));

    private static bool IsPath(ReadOnlySpan<char> run)
    {
        var (slashes, digits) = (run.Count('/'), 0);
        foreach (var c in run)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        return slashes * 8 > run.Length || (slashes * 16 > run.Length && digits * 12 < run.Length);
    }

    private static ReadOnlySpan<char> Rest(string text, int from) => text.AsSpan(from, Math.Min(8, text.Length - from));

    private static string? Decoded(ReadOnlySpan<char> run)
    {
        // A cut may have left a part of a group.
        var body = run.TrimEnd('=');
        body = body[..(body.Length % 4 == 1 ? body.Length - 1 : body.Length)];
        if (body.Length is < Shortest or > LongestDecoded)
        {
            return null;
        }

        var padded = body.ToString().Replace('-', '+').Replace('_', '/') + new string('=', (4 - (body.Length % 4)) % 4);
        Span<byte> bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, bytes, out var length) || bytes[..length].ContainsAnyInRange<byte>(0x80, 0xff))
        {
            return null;
        }

        var decoded = Encoding.ASCII.GetString(bytes[..length]);
        return decoded.AsSpan().ContainsAnyInRange('\0', '\b') || decoded.AsSpan().ContainsAnyInRange('\x0e', '\x1f') || decoded.Contains('\x7f', StringComparison.Ordinal) ? null : decoded;
    }

#pragma warning disable MA0009 // A run of one class is looked at a bounded number of times.
    [GeneratedRegex("[A-Za-z0-9+/_-]{16,}={0,2}", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex Run();

    [GeneratedRegex("[A-Za-z0-9+/]{60,}", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex LongBase64();
#pragma warning restore MA0009

    [GeneratedRegex(@"\A\.[a-z][a-z0-9]{0,4}([^A-Za-z0-9]|\z)", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex Extension();

    [GeneratedRegex(@"\A[A-Za-z0-9_.@+-]{2,64}:[^\s:/]{3,128}\n?\z", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex UserAndPassword();

    [GeneratedRegex("-----BEGIN CERT[A-Z ]*-----[^-]*", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex Certificate();
}
