using System.Text;
using System.Text.Json.Nodes;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>Bodies that a real Alertmanager 0.25 has sent.</summary>
internal static class Payloads
{
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Gateway", "payloads");

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, $"{name}.json"));

    /// <summary>Bodies of other senders and versions, recorded or made after their documentation.</summary>
    public static IReadOnlyList<string> Senders { get; } =
        [.. Directory.GetFiles(Path.Combine(Folder, "senders"), "*.json").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    public static byte[] Sender(string name) => File.ReadAllBytes(Path.Combine(Folder, "senders", $"{name}.json"));

    public static JsonObject Json(string name = "firing-single") => JsonNode.Parse(Read(name))!.AsObject();

    /// <summary>The body with its first alert changed.</summary>
    public static byte[] WithAlert(Action<JsonObject> change)
    {
        var body = Json();
        change(body["alerts"]![0]!.AsObject());
        return Bytes(body.ToJsonString());
    }

    public static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
