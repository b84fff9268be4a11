namespace AlertResponder.Simulators.Cluster;

/// <summary>A cluster at one moment: its objects and its containers' logs. Times may be relative: <c>{{now-15m}}</c>.</summary>
/// <param name="Manifests">YAML documents, with status.</param>
/// <param name="Logs">
/// Text by file name: <c>namespace/pod/container.log</c>, and <c>namespace/pod/container.previous.log</c> for the run before.
/// </param>
public sealed record Story(string Manifests, IReadOnlyDictionary<string, string> Logs)
{
    /// <summary>Reads a folder: every <c>.yaml</c> and <c>.yml</c> in it, by name, and the logs in its folder <c>logs</c>.</summary>
    /// <param name="path">The folder.</param>
    public static Story FromDirectory(string path)
    {
        var manifests = Directory.EnumerateFiles(path)
            .Where(file => Path.GetExtension(file) is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllText);
        var logs = Path.Combine(path, "logs");
        return new Story(
            string.Join("\n---\n", manifests),
            !Directory.Exists(logs)
                ? new Dictionary<string, string>()
                : Directory.EnumerateFiles(logs, "*.log", SearchOption.AllDirectories)
                    .ToDictionary(file => Path.GetRelativePath(logs, file).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal));
    }
}
