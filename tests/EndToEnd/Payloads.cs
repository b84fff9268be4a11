namespace AlertResponder.Tests.EndToEnd;

/// <summary>Webhook bodies as a real Alertmanager 0.25 sent them.</summary>
internal static class Payloads
{
    public static string Read(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "payloads", file));
}
