using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster;

namespace AlertResponder.Simulators.Snapshots;

/// <summary>
/// A cluster at one moment as a person wrote it down: manifests with status, and logs. What every cluster would have and the author
/// left out (uids, owners' uids, endpoints, ...) is filled in; what is there stays as it is.
/// </summary>
public sealed class ClusterSnapshot
{
    private ClusterSnapshot(IReadOnlyList<JsonObject> objects, IReadOnlyList<SnapshotLog> logs, IReadOnlyList<string> strayLogs) =>
        (Objects, Logs, StrayLogs) = (objects, logs, strayLogs);

    /// <summary>Names of log files that belong to no container of the cluster.</summary>
    public IReadOnlyList<string> StrayLogs { get; }

    internal IReadOnlyList<JsonObject> Objects { get; }

    internal IReadOnlyList<SnapshotLog> Logs { get; }

    /// <summary>Reads a snapshot.</summary>
    /// <param name="manifests">YAML or JSON, any number of documents each, lists included.</param>
    /// <param name="logs">The containers' logs; <see cref="SnapshotLogs"/> says how they may be named.</param>
    /// <param name="now">What relative times such as <c>{{now-15m}}</c> are relative to.</param>
    /// <exception cref="FormatException">A manifest cannot be read; the message names the file and the line.</exception>
    public static ClusterSnapshot Read(IEnumerable<SnapshotFile> manifests, IEnumerable<SnapshotFile> logs, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        ArgumentNullException.ThrowIfNull(logs);
        var objects = SnapshotManifests.Read(manifests, now);
        SnapshotCompletion.Complete(objects, now);
        List<SnapshotLog> found = [];
        List<string> stray = [];
        var containers = SnapshotLogs.Containers(objects);
        foreach (var file in logs)
        {
            var of = SnapshotLogs.Of(file.Name, containers);
            found.AddRange(of.Select(log => log with { Text = RelativeTime.Expand(file.Text, now) }));
            if (of.Count == 0)
                stray.Add(file.Name);
        }

        return new ClusterSnapshot(objects, found, stray);
    }

    /// <summary>
    /// The newest moment that a status or an event tells of, after <paramref name="from"/> and not after <paramref name="to"/>; null when
    /// there is none. What lies ahead, such as the end of a certificate, is none.
    /// </summary>
    public DateTimeOffset? Newest(DateTimeOffset from, DateTimeOffset to) => Objects
        .SelectMany(SnapshotTimes.Of)
        .Where(time => time > from && time <= to)
        .Select(time => (DateTimeOffset?)time)
        .Max();
}
