using System.Globalization;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Benchmarks.Trace;

/// <summary>Something that goes wrong in the cluster again and again, and what is seen of it each time.</summary>
/// <param name="Subject">What is sick.</param>
/// <param name="Kind">In which way.</param>
/// <param name="Number">Tells the images, names and limits of one trouble from those of another.</param>
internal sealed record Trouble(Subject Subject, TroubleKind Kind, int Number)
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    private static readonly string[] Dependencies = ["postgres", "redis", "rabbitmq", "minio", "keycloak"];

    /// <summary>What enrichment reads at one firing: other pods, times, counts and addresses than at the one before.</summary>
    public ContextEnriched Fire(Random random, DateTimeOffset at, Guid incidentId)
    {
        var evidence = new List<Evidence>();
        var name = Subject.Name;
        var node = $"k3s-agent-{random.Next(1, 4)}";
        var pods = Enumerable.Range(0, random.Next(1, 3)).Select(_ => $"{name}-{Ending(random, 9)}-{Ending(random, 5)}").ToArray();
        Add(EvidenceKind.Alert, new ObjectReference("Alert", null, Alert), Text($"Pod {Subject.Namespace}/{pods[0]} has restarted {random.Next(2, 60)} times in the last 10 minutes."));
        foreach (var pod in pods)
        {
            var container = new ObjectReference("Pod", Subject.Namespace, pod, "app", Guid.CreateVersion7(at).ToString());
            Add(EvidenceKind.Pod, container with { Container = null }, $"Pod {pod} on {node}", ("phase", Kind == TroubleKind.Unschedulable ? "Pending" : "Running"), ("scheduled", Kind == TroubleKind.Unschedulable ? "false" : "true"), ("node", node), ("createdAt", Stamp(at.AddMinutes(-random.Next(20, 4_000)))));
            Symptoms(container, pod);
        }

        Add(EvidenceKind.Owner, new ObjectReference(Subject.Kind, Subject.Namespace, name, Uid: $"uid-{name}"), Text($"{Subject.Kind} {name}: {random.Next(0, 2)} of 2 ready"), ("desired", "2"), ("readyReplicas", Text($"{random.Next(0, 2)}")));
        Add(EvidenceKind.Node, new ObjectReference("Node", null, node), $"Node {node}: ready", ("ready", "true"), ("architecture", "amd64"));
        Alert[] alerts = [new(Ending(random, 16), AlertStatus.Firing, new Dictionary<string, string> { ["alertname"] = Alert, ["namespace"] = Subject.Namespace!, ["pod"] = pods[0], ["severity"] = "warning" }, new Dictionary<string, string> { ["description"] = evidence[0].Text }, at, null, null)];
        return new ContextEnriched(incidentId, 1, Subject, alerts, evidence, [], at);

        void Symptoms(ObjectReference container, string pod)
        {
            var restarts = Text($"{random.Next(3, 90)}");
            var ended = Stamp(at.AddSeconds(-random.Next(20, 280)));
            switch (Kind)
            {
                case TroubleKind.OutOfMemory:
                    Waiting(("lastState.reason", "OOMKilled"), ("lastState.exitCode", "137"));
                    Log($"{Stamp(at)} INFO page {random.Next(1, 9_000)} of the index built, heap={random.Next(200, 400)}Mi");
                    break;
                case TroubleKind.Dependency:
                    Waiting(("lastState.reason", "Error"), ("lastState.exitCode", "1"));
                    Log($"{Stamp(at)} INFO starting worker {random.Next(1, 64)}", $"{Stamp(at)} ERROR dial tcp 10.43.{random.Next(256)}.{random.Next(256)}:5432: connect: connection refused ({Dependencies[Number % Dependencies.Length]})");
                    break;
                case TroubleKind.ImagePull:
                    Add(EvidenceKind.Container, container, "app: waiting ImagePullBackOff", ("state", "waiting"), ("reason", "ImagePullBackOff"), ("message", $"Back-off pulling image \"{Image}\""), ("ready", "false"), ("image", Image));
                    Event("Failed", $"Failed to pull image \"{Image}\": manifest unknown");
                    break;
                case TroubleKind.Crash:
                    Waiting(("lastState.reason", "Error"), ("lastState.exitCode", "2"));
                    Log($"{Stamp(at)} INFO request {Id(random)} took {random.Next(1, 900)}ms", $"panic: runtime error: index out of range [{random.Next(4, 90)}] with length 4 in module{Number}");
                    break;
                case TroubleKind.Probe:
                    Add(EvidenceKind.Container, container, "app: running, not ready", ("state", "running"), ("ready", "false"), ("restartCount", restarts), ("startedAt", Stamp(at.AddMinutes(-5))), ("image", Image), ("probes.readiness", "http-get :8080/ready"));
                    Event("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503");
                    break;
                case TroubleKind.Unschedulable:
                    Event("FailedScheduling", Text($"0/6 nodes are available: 3 Insufficient memory, 3 node(s) had untolerated taint {{node-role.kubernetes.io/control-plane: }}."));
                    break;
                default:
                    Add(EvidenceKind.Container, container, "app: running", ("state", "running"), ("ready", "true"), ("restartCount", restarts), ("startedAt", Stamp(at.AddDays(-1))), ("image", Image));
                    Add(EvidenceKind.Log, container, Text($"{Stamp(at)} WARN slow query {Id(random)}: {random.Next(900, 9_000)}ms on table orders_{Number}"));
                    break;
            }

            void Waiting(params (string, string)[] last)
            {
                Add(EvidenceKind.Container, container, Text($"app: waiting CrashLoopBackOff, {restarts} restarts, last ended {ended}; limit {Limit}"),
                    [("state", "waiting"), ("reason", "CrashLoopBackOff"), ("message", Text($"back-off {random.Next(1, 5)}m{random.Next(1, 59)}s restarting failed container=app pod={pod}_{Subject.Namespace}")), ("ready", "false"), ("restartCount", restarts), ("lastState.finishedAt", ended), ("limits.memory", Limit), ("image", Image), .. last]);
                Event("BackOff", $"Back-off restarting failed container app in pod {pod}_{Subject.Namespace}");
            }

            void Log(params string[] lines) => Add(EvidenceKind.PreviousLog, container, string.Join('\n', [.. Enumerable.Range(0, random.Next(10, 30)).Select(line => $"{Stamp(at.AddSeconds(line - 60))} DEBUG tick {line} id={Id(random)}"), .. lines]));

            void Event(string reason, string message) => Add(EvidenceKind.Event, container with { Container = null }, Text($"Warning {reason} (x{random.Next(2, 99)}): {message}"), ("type", "Warning"), ("reason", reason), ("message", message), ("count", Text($"{random.Next(2, 99)}")));
        }

        void Add(EvidenceKind kind, ObjectReference source, string text, params (string Name, string Value)[] facts) =>
            evidence.Add(new Evidence($"e{evidence.Count + 1}", kind, source, text, at, facts.ToDictionary(fact => fact.Name, fact => fact.Value)));
    }

    private string Alert => Kind switch
    {
        TroubleKind.Probe => "KubeDeploymentReplicasMismatch",
        TroubleKind.Unschedulable => "KubePodNotReady",
        TroubleKind.Slow => "HighLatency",
        _ => "KubePodCrashLooping",
    };

    private string Image => Text($"registry.example/{Subject.Name}:1.{Number}.0");

    private string Limit => Text($"{128 << (Number % 4)}Mi");

    private static string Ending(Random random, int length) => new([.. Enumerable.Range(0, length).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);

    private static string Id(Random random) => Text($"{random.NextInt64():x16}");

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>In which way something is sick.</summary>
internal enum TroubleKind
{
    OutOfMemory,
    Dependency,
    ImagePull,
    Crash,
    Probe,
    Unschedulable,
    Slow,
}
