using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

/// <summary>Builds the context of an incident, one line a thing seen.</summary>
internal sealed class Given
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 12, 0, TimeSpan.Zero);

    private readonly Subject subject;
    private readonly List<Alert> alerts = [];
    private readonly List<Evidence> evidence = [];
    private readonly List<UnreadSource> unread = [];

    private Given(Subject subject) => this.subject = subject;

    public static Given A(string kind, string name, string? @namespace = "cardboard") => new(new Subject(kind, kind == "Node" ? null : @namespace, name));

    public static ContextEnriched PriceScraper() =>
        A("CronJob", "price-scraper")
            .Alert("KubePodCrashLooping", "Pod cardboard/price-scraper-28487520-2n78x (scraper) is in waiting state (reason: \"CrashLoopBackOff\").", ("container", "scraper"))
            .Pod("price-scraper-28487520-2n78x", ("node", "k3s-agent-1"))
            .Container(
                "price-scraper-28487520-2n78x", "scraper", "waiting",
                ("reason", "CrashLoopBackOff"), ("message", "back-off 2m40s restarting failed container=scraper"), ("ready", "false"),
                ("lastState.reason", "OOMKilled"), ("lastState.exitCode", "137"), ("lastState.finishedAt", "2026-11-22T08:10:36Z"),
                ("restartCount", "5"), ("limits.memory", "256Mi"), ("requests.memory", "128Mi"), ("image", "registry.example/cardboard/price-scraper:1.4.2"))
            .PreviousLog(
                "price-scraper-28487520-2n78x", "scraper",
                "2026-11-22T08:10:25Z INFO scraped page 320 heap=312Mi",
                "2026-11-22T08:10:28Z INFO scraped page 360 heap=336Mi",
                "2026-11-22T08:10:31Z INFO scraped page 400 heap=360Mi")
            .Event("price-scraper-28487520-2n78x", "FailedScheduling", "0/2 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/not-ready: }. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.")
            .Event("price-scraper-28487520-2n78x", "BackOff", "Back-off restarting failed container scraper in pod price-scraper-28487520-2n78x_cardboard", ("count", "12"))
            .Owner("Job", "price-scraper-28487520", ("active", "1"))
            .Owner("CronJob", "price-scraper", ("schedule", "*/10 * * * *"))
            .Node("k3s-agent-1", ("ready", "true"), ("architecture", "amd64"))
            .Context();

    /// <summary>One container of a Deployment's only pod.</summary>
    public static Given Api(string state, params (string, string)[] facts) =>
        A("Deployment", "api").Alert("KubePodCrashLooping").Pod("api-5d8f7c6b9-x2x4z").Container("api-5d8f7c6b9-x2x4z", "api", state, facts);

    public Given Alert(string name, string? description = null, params (string, string)[] labels) =>
        Alert(name, AlertStatus.Firing, description, labels);

    public Given Alert(string name, AlertStatus status, string? description = null, params (string, string)[] labels)
    {
        var alert = new Alert(
            $"{alerts.Count + 1:x16}",
            status,
            new Dictionary<string, string>(labels.Select(label => KeyValuePair.Create(label.Item1, label.Item2))) { ["alertname"] = name },
            description is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["description"] = description },
            Now.AddMinutes(-20),
            status == AlertStatus.Resolved ? Now : null,
            GeneratorUrl: null);
        alerts.Add(alert);
        return Add(EvidenceKind.Alert, new ObjectReference("Alert", null, name), description ?? name);
    }

    public Given Pod(string name, params (string, string)[] facts) =>
        Add(EvidenceKind.Pod, Ref("Pod", name), $"Pod {name}", [("phase", "Running"), ("scheduled", "true"), .. facts]);

    public Given Container(string pod, string container, string state, params (string, string)[] facts) =>
        Add(EvidenceKind.Container, Ref("Pod", pod) with { Container = container }, $"container {container}: {state} {string.Join(' ', facts.Select(fact => $"{fact.Item1}={fact.Item2}"))}", [("state", state), .. facts]);

    public Given Log(string pod, string container, params string[] lines) =>
        Add(EvidenceKind.Log, Ref("Pod", pod) with { Container = container }, string.Join('\n', lines));

    public Given PreviousLog(string pod, string container, params string[] lines) =>
        Add(EvidenceKind.PreviousLog, Ref("Pod", pod) with { Container = container }, string.Join('\n', lines));

    /// <summary>The previous log of the container that <see cref="Api"/> made.</summary>
    public Given Said(params string[] lines) => PreviousLog("api-5d8f7c6b9-x2x4z", "api", lines);

    public Given Event(string pod, string reason, string message, params (string, string)[] facts) =>
        Add(EvidenceKind.Event, Ref("Pod", pod), $"Warning {reason}: {message}", [("type", "Warning"), ("reason", reason), ("message", message), .. facts]);

    public Given Owner(string kind, string name, params (string, string)[] facts) => Owner(kind, name, $"{kind} {name}", facts);

    public Given Owner(string kind, string name, string text, params (string, string)[] facts) =>
        Add(EvidenceKind.Owner, Ref(kind, name) with { Uid = $"uid-of-{name}" }, text, facts);

    public Given Node(string name, params (string, string)[] facts) =>
        Add(EvidenceKind.Node, new ObjectReference("Node", null, name), $"Node {name} {string.Join(' ', facts.Select(fact => $"{fact.Item1}={fact.Item2}"))}", facts);

    /// <summary>Anything else that enrichment reads, at a time where it has one.</summary>
    public Given Seen(EvidenceKind kind, string objectKind, string name, DateTimeOffset? time, params (string, string)[] facts) =>
        Add(kind, Ref(objectKind, name) with { Uid = $"uid-of-{name}" }, $"{objectKind} {name}", time, facts);

    public Given Seen(EvidenceKind kind, string objectKind, string name, params (string, string)[] facts) => Seen(kind, objectKind, name, null, facts);

    /// <summary>A warning about another object than a pod, or one of a certain time.</summary>
    public Given EventOf(string objectKind, string name, DateTimeOffset? time, string reason, string message) =>
        Add(EvidenceKind.Event, Ref(objectKind, name), $"Warning {reason}: {message}", time, ("type", "Warning"), ("reason", reason), ("message", message));

    /// <summary>What the container uses at the moment.</summary>
    public Given Usage(string pod, string container, params (string, string)[] facts) =>
        Add(EvidenceKind.Usage, Ref("Pod", pod) with { Container = container }, "usage", facts);

    public Given Service(string name, string @namespace, params (string, string)[] facts) =>
        Add(EvidenceKind.Service, new ObjectReference("Service", @namespace, name), $"Service {name}", facts);

    public Given Unread(string what, string reason)
    {
        unread.Add(new UnreadSource(what, reason));
        return this;
    }

    public ContextEnriched Context() => new(Guid.Parse("6f1d9c5e-6a43-4f6e-9f57-3c1f0f0b4a11"), 1, subject, alerts, evidence, unread, Now);

    private ObjectReference Ref(string kind, string name) => new(kind, subject.Namespace ?? "cardboard", name);

    private Given Add(EvidenceKind kind, ObjectReference source, string text, params (string, string)[] facts) => Add(kind, source, text, null, facts);

    private Given Add(EvidenceKind kind, ObjectReference source, string text, DateTimeOffset? time, params (string, string)[] facts)
    {
        var values = new Dictionary<string, string>();
        foreach (var (name, value) in facts)
            values[name] = value;
        evidence.Add(new Evidence($"e{evidence.Count + 1}", kind, source, text, time, values));
        return this;
    }
}
