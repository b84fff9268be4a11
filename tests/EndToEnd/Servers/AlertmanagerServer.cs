using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DotNet.Testcontainers.Containers;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>An Alertmanager of its own, alone or one of a high-availability pair, fed with alerts the way Prometheus does it.</summary>
public sealed class AlertmanagerServer : InstalledServer
{
    /// <summary>Where the image has its configuration.</summary>
    public const string ConfigurationFolder = "/etc/alertmanager";

    private const string ConfigurationFile = "alertmanager.yml";
    private const string Image = "prom/alertmanager:v0.28.1";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly IReadOnlyDictionary<string, string> files;
    private readonly int port;
    private readonly int? clusterPort;
    private readonly int? peerPort;
    private readonly ConcurrentDictionary<string, DateTimeOffset> firingSince = new(StringComparer.Ordinal);

    private AlertmanagerServer(IReadOnlyDictionary<string, string> files, int? port = null, int? clusterPort = null, int? peerPort = null)
        : base("alertmanager", "Alertmanager", "prometheus-alertmanager")
    {
        this.files = files;
        this.port = port ?? FreePort.Next();
        this.clusterPort = clusterPort;
        this.peerPort = peerPort;
    }

    /// <summary>Its web and API address, also its external URL.</summary>
    public Uri Url => new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/");

    /// <summary>A running Alertmanager without cluster. Dispose it.</summary>
    public static Task<AlertmanagerServer> StartNewAsync(AlertmanagerConfig config, CancellationToken cancellationToken = default)
        => StartNewAsync(config.ToYaml(), cancellationToken);

    /// <summary>A running Alertmanager with a configuration file of the caller's. Dispose it.</summary>
    public static Task<AlertmanagerServer> StartNewAsync(string yaml, CancellationToken cancellationToken = default)
        => StartNewAsync(Only(yaml), cancellationToken: cancellationToken);

    /// <summary>A running Alertmanager with files of the caller's. Dispose it.</summary>
    /// <param name="files">What <see cref="ConfigurationFolder"/> holds: <c>alertmanager.yml</c>, and what that names.</param>
    /// <param name="port">Where it listens; anywhere when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<AlertmanagerServer> StartNewAsync(
        IReadOnlyDictionary<string, string> files,
        int? port = null,
        CancellationToken cancellationToken = default)
        => StartedAsync(new AlertmanagerServer(files, port), cancellationToken);

    /// <summary>Two that gossip about what they have sent, ready once they see each other. Dispose both.</summary>
    public static Task<(AlertmanagerServer First, AlertmanagerServer Second)> StartPairAsync(
        AlertmanagerConfig config,
        CancellationToken cancellationToken = default)
        => StartPairAsync(Only(config.ToYaml()), cancellationToken);

    /// <inheritdoc cref="StartPairAsync(AlertmanagerConfig, CancellationToken)"/>
    public static async Task<(AlertmanagerServer First, AlertmanagerServer Second)> StartPairAsync(
        IReadOnlyDictionary<string, string> files,
        CancellationToken cancellationToken = default)
    {
        var (firstPort, secondPort) = (FreePort.Next(), FreePort.Next());
        var first = new AlertmanagerServer(files, clusterPort: firstPort, peerPort: secondPort);
        var second = new AlertmanagerServer(files, clusterPort: secondPort, peerPort: firstPort);
        try
        {
            await Task.WhenAll(first.StartAsync(cancellationToken), second.StartAsync(cancellationToken));
            return (first, second);
        }
        catch
        {
            await first.DisposeAsync();
            await second.DisposeAsync();
            throw;
        }
    }

    /// <summary>Posts a firing alert as Prometheus does: again and again with the same start, until it is resolved.</summary>
    /// <param name="labels">What identifies it; <c>alertname</c> among them.</param>
    /// <param name="annotations">Its texts.</param>
    /// <param name="startsAt">When it began; when null, now or, if it fires already, as before.</param>
    /// <param name="endsAt">When it counts as resolved if not posted again; Alertmanager's default (5 minutes) when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task FireAsync(
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyDictionary<string, string>? annotations = null,
        DateTimeOffset? startsAt = null,
        DateTimeOffset? endsAt = null,
        CancellationToken cancellationToken = default)
    {
        var since = firingSince.AddOrUpdate(
            Key(labels),
            _ => startsAt ?? TimeProvider.System.GetUtcNow(),
            (_, before) => startsAt ?? before);
        return PostAsync(labels, annotations, since, endsAt, cancellationToken);
    }

    /// <summary>Posts many firing alerts at once, as Prometheus does it.</summary>
    /// <param name="alerts">The labels of each, and its texts.</param>
    /// <param name="startsAt">When they began.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task FireAllAsync(
        IEnumerable<(Dictionary<string, string> Labels, Dictionary<string, string> Annotations)> alerts, DateTimeOffset startsAt, CancellationToken cancellationToken = default)
        => PostAsync(
            [.. alerts.Select(alert => new { labels = alert.Labels, annotations = alert.Annotations, startsAt, generatorURL = "http://prometheus.test/graph?g0.expr=up" })], cancellationToken);

    /// <summary>How many notifications it has sent and got a 2xx for, by its own count.</summary>
    public async Task<double> NotificationsAsync(CancellationToken cancellationToken = default)
    {
        var metrics = await Http.GetStringAsync(new Uri(Url, "metrics"), cancellationToken);
        return Sum("alertmanager_notifications_total{integration=\"webhook\"}") - Sum("alertmanager_notifications_failed_total{integration=\"webhook\"}");

        double Sum(string name) => metrics.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }

    /// <summary>Posts that the alert has ended now.</summary>
    /// <exception cref="InvalidOperationException">It was never fired here.</exception>
    public Task ResolveAsync(
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyDictionary<string, string>? annotations = null,
        CancellationToken cancellationToken = default)
        => firingSince.TryRemove(Key(labels), out var since)
            ? PostAsync(labels, annotations, since, TimeProvider.System.GetUtcNow(), cancellationToken)
            : throw new InvalidOperationException("An alert with these labels does not fire.");

    private protected override async Task<IServerRun?> LaunchInstalledAsync(CancellationToken cancellationToken)
    {
        if (FindOnPath("prometheus-alertmanager", "alertmanager") is not { } program)
            return null;

        foreach (var (name, text) in files)
        {
            var here = text.Replace($"{ConfigurationFolder}/", $"{Folder}/", StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(Folder, name), here, cancellationToken);
        }

        return ChildProcess.Start(program, Arguments(Folder, Path.Combine(Folder, "data")), Folder, Log);
    }

    private protected override IContainer BuildContainer()
        => files.Aggregate(
                OnTheHostsNetwork(Image).WithCommand(Arguments(ConfigurationFolder, "/alertmanager")),
                (builder, file) => builder.WithResourceMapping(Encoding.UTF8.GetBytes(file.Value), $"{ConfigurationFolder}/{file.Key}"))
            .Build();

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        var status = await Http.GetFromJsonAsync<Status>(new Uri(Url, "api/v2/status"), Json, cancellationToken);
        return clusterPort is null || status is { Cluster: { Status: "ready", Peers.Count: 2 } };
    }

    private static string Key(IReadOnlyDictionary<string, string> labels)
        => JsonSerializer.Serialize(labels.OrderBy(label => label.Key, StringComparer.Ordinal));

    private static Dictionary<string, string> Only(string yaml) => new(StringComparer.Ordinal) { [ConfigurationFile] = yaml };

    private string[] Arguments(string folder, string storage) =>
    [
        $"--config.file={folder}/{ConfigurationFile}",
        $"--storage.path={storage}",
        $"--web.listen-address=127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}",
        $"--web.external-url={Url}",
        .. Cluster(),
    ];

    private IEnumerable<string> Cluster()
        => clusterPort is { } own && peerPort is { } peer
            ?
            [
                $"--cluster.listen-address=127.0.0.1:{own.ToString(CultureInfo.InvariantCulture)}",
                $"--cluster.peer=127.0.0.1:{peer.ToString(CultureInfo.InvariantCulture)}",
                // The cluster counts as settled after ten quiet gossip intervals.
                "--cluster.gossip-interval=50ms",
                "--cluster.reconnect-interval=1s",
            ]
            : ["--cluster.listen-address="];

    private async Task PostAsync(
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyDictionary<string, string>? annotations,
        DateTimeOffset startsAt,
        DateTimeOffset? endsAt,
        CancellationToken cancellationToken)
    {
        await PostAsync([new { labels, annotations, startsAt, endsAt, generatorURL = "http://prometheus.test/graph?g0.expr=up" }], cancellationToken);
    }

    private async Task PostAsync(object[] alerts, CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsJsonAsync(new Uri(Url, "api/v2/alerts"), alerts, Json, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"Alertmanager refused the alert: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private sealed record Status(ClusterStatus Cluster);

    private sealed record ClusterStatus(string Status, IReadOnlyList<JsonElement>? Peers);
}
