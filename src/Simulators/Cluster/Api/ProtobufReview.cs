using System.Text;
using System.Text.Json.Nodes;

namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>
/// Reads the one message that kubectl can only send as protobuf: <c>kubectl auth can-i</c> asks in it. Its envelope is the magic
/// <c>k8s\0</c> and an <c>Unknown</c>, whose second field is the review; a review's second field is its spec.
/// </summary>
internal static class ProtobufReview
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const int LengthDelimited = 2;

    private static readonly string[] Attributes = ["namespace", "verb", "group", "version", "resource", "subresource", "name"];

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Null when it can't be read.</summary>
    public static JsonObject? Read(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith(Magic)
            || !TryFind(content[Magic.Length..], 2, out var review)
            || !TryFind(review, 2, out var spec)
            || !TryFind(spec, 1, out var resource))
            return null;
        var attributes = new JsonObject();
        for (var field = 0; field < Attributes.Length; field++)
        {
            if (TryFind(resource, field + 1, out var text))
                attributes[Attributes[field]] = Encoding.UTF8.GetString(text);
        }

        return new JsonObject { ["spec"] = new JsonObject { ["resourceAttributes"] = attributes } };
    }

    /// <summary>Finds a field of a message that holds nothing but messages and strings.</summary>
    private static bool TryFind(ReadOnlySpan<byte> message, int number, out ReadOnlySpan<byte> value)
    {
        value = default;
        while (!message.IsEmpty)
        {
            if (!TryReadNumber(ref message, out var key) || (key & 7) != LengthDelimited
                || !TryReadNumber(ref message, out var length) || length > message.Length)
                return false;
            if (key >> 3 == number)
            {
                value = message[..length];
                return true;
            }

            message = message[length..];
        }

        return false;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> message, out int number)
    {
        number = 0;
        for (var shift = 0; shift < 28 && !message.IsEmpty; shift += 7)
        {
            var next = message[0];
            message = message[1..];
            number |= (next & 0x7f) << shift;
            if (next < 0x80)
                return true;
        }

        return false;
    }
}
