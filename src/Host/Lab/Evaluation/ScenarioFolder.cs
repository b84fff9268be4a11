using AlertResponder.Simulators.Snapshots;

namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>Reads scenarios from folders: <c>alert.json</c>, <c>cluster.yaml</c>, <c>logs/</c> and <c>expected.yml</c>.</summary>
internal static class ScenarioFolder
{
    private const string AlertFileName = "alert.json";

    /// <summary>An alert says nothing of what happened long after it.</summary>
    private static readonly TimeSpan LongestStory = TimeSpan.FromDays(1);

    private static readonly string[] ManifestFolders = ["cluster", "manifests"];
    private static readonly string[] LogFolders = ["logs", "log"];
    private static readonly string[] ManifestExtensions = [".yaml", ".yml", ".json"];

    /// <summary>The folder itself, or all below it that hold an alert, by name.</summary>
    public static IReadOnlyList<string> Find(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, AlertFileName, SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!)
            .Order(StringComparer.Ordinal),
    ];

    /// <exception cref="FormatException">A file cannot be read; the message names it and, where it is known, the line.</exception>
    /// <exception cref="IOException">As the file system says.</exception>
    public static Scenario Read(string folder, string name)
    {
        var alerts = AlertFile.Parse(AlertFileName, File.ReadAllText(Path.Combine(folder, AlertFileName)));
        var expectedFile = Directory.EnumerateFiles(folder).FirstOrDefault(file => Path.GetFileName(file) is "expected.yml" or "expected.yaml" or "expected.json")
            ?? throw new FormatException("There is no expected.yml.");
        var expected = Expectations.Parse(Path.GetFileName(expectedFile), File.ReadAllText(expectedFile));
        var cluster = ClusterSnapshot.Read(Manifests(folder), Logs(folder), alerts.LastAt);
        var newest = cluster.Newest(alerts.LastAt, alerts.LastAt + LongestStory);
        return new Scenario(
            name,
            alerts.Webhooks,
            cluster,
            newest ?? alerts.LastAt,
            expected,
            [.. expected.Warnings, .. cluster.StrayLogs.Select(file => $"logs/{file}: no container of the cluster has a name like this.")]);
    }

    private static IEnumerable<SnapshotFile> Manifests(string folder)
    {
        var files = Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) is not (AlertFileName or "expected.yml" or "expected.yaml" or "expected.json"));
        foreach (var below in ManifestFolders.Select(below => Path.Combine(folder, below)).Where(Directory.Exists))
            files = files.Concat(Directory.EnumerateFiles(below, "*", SearchOption.AllDirectories));
        return files
            .Where(file => ManifestExtensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Select(file => ReadFile(folder, file));
    }

    private static IEnumerable<SnapshotFile> Logs(string folder) => LogFolders
        .Select(below => Path.Combine(folder, below))
        .Where(Directory.Exists)
        .SelectMany(below => Directory.EnumerateFiles(below, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => ReadFile(below, file)));

    private static SnapshotFile ReadFile(string folder, string file) => new(Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText(file));
}
