using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Bedrock;

/// <summary>
/// AWS Signature Version 4 as a service verifies it, from the request as it came over the wire.
/// </summary>
/// <param name="accessKey">The one access key that exists.</param>
/// <param name="secretKey">Its secret.</param>
/// <param name="sessionToken">The session token that must come with it; null for a long-lived key.</param>
/// <param name="region">Of the credential's scope.</param>
/// <param name="service">Of the credential's scope.</param>
internal sealed class SignatureVersion4(string accessKey, string secretKey, string? sessionToken, string region, string service)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string DateFormat = "yyyyMMdd'T'HHmmss'Z'";
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(5);

    /// <summary>Null when the request is signed as it must be.</summary>
    public SignatureFault? Verify(RecordedRequest request, DateTimeOffset now)
    {
        if (request.Header("Authorization") is not { Length: > 0 } authorization)
            return new SignatureFault("MissingAuthenticationTokenException", "Missing Authentication Token");
        if (!TryParse(authorization, out var credential, out var signedHeaders, out var signature))
            return Incomplete("Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.");
        if (credential[0] != accessKey || request.Header("X-Amz-Security-Token") != sessionToken)
            return new SignatureFault("UnrecognizedClientException", "The security token included in the request is invalid.");
        return VerifyScope(credential)
            ?? VerifyHeaders(request, signedHeaders)
            ?? VerifyDate(request, credential[1], now)
            ?? VerifySignature(request, credential[1], signedHeaders, signature);
    }

    internal string Sign(RecordedRequest request, string date, string[] signedHeaders)
    {
        var scope = $"{date}/{region}/{service}/aws4_request";
        var hash = HexHash(Encoding.UTF8.GetBytes(CanonicalRequest(request, signedHeaders)));
        var toSign = $"{Algorithm}\n{request.Header("X-Amz-Date")}\n{scope}\n{hash}";
        var key = Encoding.UTF8.GetBytes($"AWS4{secretKey}");
        foreach (var part in (string[])[date, region, service, "aws4_request"])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static bool TryParse(string authorization, out string[] credential, out string[] signedHeaders, out string signature)
    {
        var parts = authorization.StartsWith($"{Algorithm} ", StringComparison.Ordinal)
            ? authorization[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries)
                .Select(part => part.Split('=', 2))
                .Where(pair => pair.Length == 2)
                .ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal)
            : Enumerable.Empty<string[]>().ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        credential = parts["Credential"].FirstOrDefault("").Split('/');
        signedHeaders = parts["SignedHeaders"].FirstOrDefault("").Split(';');
        signature = parts["Signature"].FirstOrDefault("");
        return credential.Length == 5 && signedHeaders[0].Length > 0 && signature.Length > 0;
    }

    private SignatureFault? VerifyScope(string[] credential)
    {
        if (credential[2] != region)
            return Invalid("Credential should be scoped to a valid region.");
        if (credential[3] != service)
            return Invalid($"Credential should be scoped to correct service: '{service}'.");
        return credential[4] == "aws4_request" ? null : Invalid("Credential should be scoped with a valid terminator: 'aws4_request'.");
    }

    private static SignatureFault? VerifyHeaders(RecordedRequest request, string[] signedHeaders)
    {
        if (!signedHeaders.Contains("host", StringComparer.Ordinal))
            return Invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization header.");
        if (!signedHeaders.SequenceEqual(signedHeaders.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            return Invalid("The signed headers must be sorted.");
        var unsigned = request.Headers.Keys
            .Select(name => name.ToLowerInvariant())
            .Where(name => name.StartsWith("x-amz-", StringComparison.Ordinal))
            .FirstOrDefault(name => !signedHeaders.Contains(name, StringComparer.Ordinal));
        return unsigned is null ? null : Invalid($"There were headers present in the request which were not signed: {unsigned}");
    }

    private static SignatureFault? VerifyDate(RecordedRequest request, string date, DateTimeOffset now)
    {
        var text = request.Header("X-Amz-Date");
        if (!DateTimeOffset.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return Incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        if (!text!.StartsWith(date, StringComparison.Ordinal))
            return Invalid($"Date in Credential scope does not match YYYYMMDD from the date of the request: '{date}' != '{text[..8]}'.");
        if (time < now - MaxSkew)
            return Invalid($"Signature expired: {text} is now earlier than {Write(now - MaxSkew)} ({Write(now)} - 5 min.)");
        return time > now + MaxSkew
            ? Invalid($"Signature not yet current: {text} is still later than {Write(now + MaxSkew)} ({Write(now)} + 5 min.)")
            : null;
    }

    private SignatureFault? VerifySignature(RecordedRequest request, string date, string[] signedHeaders, string signature)
    {
        // A hash that is sent is part of what is signed, and must be that of the body.
        var hashFits = request.Header("X-Amz-Content-SHA256") is not { } sent || sent == HexHash(request.Content.Span);
        var expected = Sign(request, date, signedHeaders);
        return hashFits && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature))
            ? null
            : Invalid(
                "The request signature we calculated does not match the signature you provided. "
                + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.");
    }

    private static string CanonicalRequest(RecordedRequest request, string[] signedHeaders)
    {
        var headers = string.Concat(signedHeaders.Select(name => $"{name}:{Squeeze(request.Header(name) ?? "")}\n"));
        string[] lines =
        [
            request.Method,
            CanonicalPath(request.Path),
            CanonicalQuery(request),
            headers,
            string.Join(';', signedHeaders),
            HexHash(request.Content.Span),
        ];
        return string.Join('\n', lines);
    }

    /// <summary>All services but S3 encode the path once more than it is on the wire: <c>%3A</c> there is <c>%253A</c> here.</summary>
    private static string CanonicalPath(string path) => string.Join('/', path.Split('/').Select(Encode));

    private static string CanonicalQuery(RecordedRequest request) => string.Join(
        '&',
        request.Query
            .Select(pair => (Name: Encode(pair.Key), Value: Encode(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));

    /// <summary>RFC 3986: all but letters, digits and -._~ is encoded, in capitals. That is what this method does.</summary>
    private static string Encode(string text) => Uri.EscapeDataString(text);

    private static string Squeeze(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string HexHash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static string Write(DateTimeOffset time) => time.ToString(DateFormat, CultureInfo.InvariantCulture);

    private static SignatureFault Incomplete(string message) => new("IncompleteSignatureException", message);

    private static SignatureFault Invalid(string message) => new("InvalidSignatureException", message);
}

/// <summary>What is wrong with a signature, as AWS says it.</summary>
/// <param name="Error">The exception's name.</param>
/// <param name="Message">Its message.</param>
internal sealed record SignatureFault(string Error, string Message);
