using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AlertResponder.Tests.Unit.Clients.Bedrock;

/// <summary>Checks an AWS Signature Version 4 as Amazon's servers do, from the request as it arrived.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html</remarks>
internal static class SigV4Verifier
{
    private const string Scheme = "AWS4-HMAC-SHA256";

    public static bool IsSignedBy(this WireRequest request, string accessKey, string secretKey, string region)
    {
        var authorization = request.Headers["authorization"];
        authorization.ShouldStartWith(Scheme + " ");
        var fields = authorization[(Scheme.Length + 1)..].Split(',', StringSplitOptions.TrimEntries)
            .Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal);

        var time = request.Headers["x-amz-date"];
        var scope = $"{time[..8]}/{region}/bedrock/aws4_request";
        if (fields["Credential"] != $"{accessKey}/{scope}")
            return false;

        var canonical = CanonicalRequest(request, fields["SignedHeaders"]);
        var toSign = $"{Scheme}\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (var part in scope.Split('/'))
            key = Hmac(key, part);

        return fields["Signature"] == Hex(Hmac(key, toSign));
    }

    private static string CanonicalRequest(WireRequest request, string signedHeaders)
    {
        var target = request.Target.Split('?');
        target.Length.ShouldBe(1, "Converse has no query");
        // What is signed is the path as sent, each segment encoded once more.
        var path = string.Join('/', target[0].Split('/').Select(Uri.EscapeDataString));
        var headers = string.Concat(signedHeaders.Split(';').Select(name => string.Create(CultureInfo.InvariantCulture, $"{name}:{request.Headers[name].Trim()}\n")));
        return $"{request.Method}\n{path}\n\n{headers}\n{signedHeaders}\n{Hex(SHA256.HashData(request.Body))}";
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
