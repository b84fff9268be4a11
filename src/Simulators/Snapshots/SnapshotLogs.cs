using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Snapshots;

/// <summary>A container's log.</summary>
internal sealed record SnapshotLog(string Namespace, string Pod, string Container, bool Previous, string Text);

/// <summary>A container that a log may be of.</summary>
/// <param name="Namespace">The pod's.</param>
/// <param name="Pod">Its name.</param>
/// <param name="Name">The container's own.</param>
/// <param name="IsSick">It is not ready or has been restarted: of the containers of a pod the one that is worth a log.</param>
internal sealed record SnapshotContainer(string Namespace, string Pod, string Name, bool IsSick);

/// <summary>
/// Whose a log file is, by its name: namespace, pod and container, pod and container, pod, container, or the beginning of pods' names,
/// put together with <c>/</c>, <c>_</c>, <c>.</c> or <c>-</c>. <c>previous</c> (or <c>prev</c>) at an end marks the run before, also as a folder.
/// </summary>
internal static partial class SnapshotLogs
{
    private static readonly string[] StatusLists = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"];
    private static readonly string[] ContainerLists = ["initContainers", "containers", "ephemeralContainers"];

    public static IReadOnlyList<SnapshotContainer> Containers(IEnumerable<JsonObject> objects) =>
    [
        .. objects.Where(item => item.Text("kind") == "Pod").SelectMany(pod => ContainerLists.SelectMany(list => pod.Objects("spec", list)).Select(container =>
        {
            var name = container.Text("name") ?? "";
            var status = StatusLists.SelectMany(list => pod.Objects("status", list)).FirstOrDefault(item => item.Text("name") == name);
            return new SnapshotContainer(pod.Namespace()!, pod.Name(), name, status is not null && IsSick(status));
        })),
    ];

    /// <summary>The containers that the file is a log of; none where it fits nothing, several where it names a kind of pod.</summary>
    public static IReadOnlyList<SnapshotLog> Of(string fileName, IReadOnlyList<SnapshotContainer> containers)
    {
        var name = Extension().Replace(fileName, "");
        var previous = PreviousFolder().IsMatch(name) || PreviousEnd().IsMatch(name);
        var key = Key(CurrentEnd().Replace(PreviousEnd().Replace(PreviousFolder().Replace(name, ""), ""), ""));
        Func<IEnumerable<SnapshotContainer>>[] readings =
        [
            () => containers.Where(container => key == Key($"{container.Namespace}/{container.Pod}/{container.Name}")),
            () => containers.Where(container => key == Key($"{container.Pod}/{container.Name}")),
            () => OneOfEachPod(containers.Where(container => key == Key($"{container.Namespace}/{container.Pod}"))),
            () => OneOfEachPod(containers.Where(container => key == Key(container.Pod))),
            () => containers.Where(container => key == Key($"{container.Namespace}/{container.Name}")),
            () => containers.Where(container => key == Key(container.Name)),
            () => OneOfEachPod(containers.Where(container =>
                Key(container.Pod).StartsWith(key + "-", StringComparison.Ordinal) || Key($"{container.Namespace}/{container.Pod}").StartsWith(key + "-", StringComparison.Ordinal))),
            () => containers.Where(container => key.EndsWith("-" + Key($"{container.Pod}/{container.Name}"), StringComparison.Ordinal)),
        ];
        var found = readings.Select(reading => reading().ToArray()).FirstOrDefault(reading => reading.Length > 0) ?? [];
        return [.. found.Select(container => new SnapshotLog(container.Namespace, container.Pod, container.Name, previous, ""))];
    }

    private static IEnumerable<SnapshotContainer> OneOfEachPod(IEnumerable<SnapshotContainer> containers) =>
        containers.GroupBy(container => (container.Namespace, container.Pod)).Select(pod => pod.FirstOrDefault(container => container.IsSick) ?? pod.Last());

    private static bool IsSick(JsonObject status) =>
        status.At("state", "terminated") is JsonObject ended ? ended.Number("exitCode") is not 0 : !status.IsTrue("ready") || status.Number("restartCount") > 0;

    private static string Key(string name) => Separators().Replace(name, "-").Trim('-').ToLowerInvariant();

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"\.(log|txt|logs|out)$", Options, 1000)]
    private static partial Regex Extension();

    [GeneratedRegex(@"(?<=^|/)(previous|prev)/", Options, 1000)]
    private static partial Regex PreviousFolder();

    [GeneratedRegex(@"[-_./](previous|prev|p)$", Options, 1000)]
    private static partial Regex PreviousEnd();

    [GeneratedRegex(@"[-_./](current|now)$", Options, 1000)]
    private static partial Regex CurrentEnd();

    [GeneratedRegex("[^A-Za-z0-9]+", Options, 1000)]
    private static partial Regex Separators();
}
