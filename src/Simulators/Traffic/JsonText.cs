using System.Text.Encodings.Web;
using System.Text.Json;

namespace AlertResponder.Simulators.Traffic;

internal static class JsonText
{
    /// <summary>The services write text as it is: only what JSON itself must escape is escaped.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
