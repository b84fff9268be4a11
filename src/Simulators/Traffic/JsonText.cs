using System.Text.Encodings.Web;
using System.Text.Json;

namespace AlertResponder.Simulators.Traffic;

internal static class JsonText
{
    /// <summary>The services write text as it is: only what JSON itself must escape is escaped.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How long all strings named <c>text</c> are together, at whatever depth, in UTF-16 units.</summary>
    public static int TextLength(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Sum(TextLength),
        JsonValueKind.Object => element.EnumerateObject().Sum(property =>
            property is { Name: "text", Value.ValueKind: JsonValueKind.String } ? property.Value.GetString()!.Length : TextLength(property.Value)),
        _ => 0,
    };
}
