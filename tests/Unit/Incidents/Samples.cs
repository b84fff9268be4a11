using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Tests.Unit.Incidents;

/// <summary>Rows and messages to fill a store with.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 2, 13, 0, TimeSpan.Zero);

    public static Alert Alert(
        string fingerprint,
        AlertStatus status = AlertStatus.Firing,
        string name = "KubePodCrashLooping",
        DateTimeOffset? startsAt = null,
        params (string Name, string Value)[] labels)
    {
        var all = labels.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal);
        all["alertname"] = name;
        return new Alert(
            fingerprint,
            status,
            all,
            new Dictionary<string, string>(StringComparer.Ordinal),
            startsAt ?? Start.AddMinutes(-5),
            status == AlertStatus.Resolved ? Start.AddMinutes(-1) : null,
            GeneratorUrl: null);
    }

    public static AlertReceived Received(this Alert alert) => new(alert, "{}:{}", "hook", "http://alertmanager.example:9093", Start);

    public static AlertReceived Resolved(this AlertReceived received) =>
        received with { Alert = received.Alert with { Status = AlertStatus.Resolved, EndsAt = Start.AddMinutes(10) } };

    public static Incident Incident(Subject? subject = null, int revision = 1, int version = 1, DateTimeOffset? resolvedAt = null, Guid? id = null)
    {
        subject ??= new Subject("CronJob", "cardboard", "price-scraper");
        return new Incident
        {
            Id = id ?? Guid.CreateVersion7(Start),
            SubjectKey = SubjectKey.For(subject),
            SubjectKind = subject.Kind,
            SubjectNamespace = subject.Namespace,
            SubjectName = subject.Name,
            SubjectCluster = subject.Cluster,
            OpenedAt = Start,
            ResolvedAt = resolvedAt,
            Revision = revision,
            Version = version,
            DriveAt = Start.AddMinutes(1),
        };
    }

    public static IncidentAlert Row(AlertReceived received, Guid? incidentId, int revision = 0)
    {
        var row = new IncidentAlert
        {
            Fingerprint = received.Alert.Fingerprint,
            StartsAt = received.Alert.StartsAt,
            IncidentId = incidentId,
            Name = received.Alert.Name(),
            Severity = received.Alert.Severity,
            Status = received.Alert.Status,
            EndsAt = received.Alert.EndsAt,
            ReceivedAt = received.ReceivedAt,
            Revision = revision,
        };
        row.BroughtBy(received);
        return row;
    }

    public static ContextEnriched Context(Guid incidentId, int revision = 1) => new(
        incidentId,
        revision,
        new Subject("CronJob", "cardboard", "price-scraper"),
        new List<Alert> { Alert("636219f2fccf1c5f", labels: ("namespace", "cardboard")) },
        new List<Evidence>
        {
            new(
                "e1",
                EvidenceKind.Container,
                new ObjectReference("Pod", "cardboard", "price-scraper-28487520-2n78x", "scraper", "e41f7c92"),
                "waiting (CrashLoopBackOff) — \"☃\"\n\t\u001b[31m",
                Start.AddMicroseconds(-1),
                new Dictionary<string, string>(StringComparer.Ordinal) { [FactNames.MemoryLimit] = "256Mi", [FactNames.Ready] = "false" }),
            new("e2", EvidenceKind.Node, new ObjectReference("Node", null, "k3s-agent-1"), "", null, new Dictionary<string, string>(StringComparer.Ordinal)),
        },
        new List<UnreadSource> { new("log of Pod cardboard/x", "forbidden") },
        Start.AddSeconds(4));

    public static AnalysisCompleted Analysis(Guid incidentId, int revision = 1, string? modelUnavailable = null) => new(
        incidentId,
        revision,
        new Diagnosis(
            "scraper was OOMKilled",
            "It needs more than 256Mi.",
            Severity.Critical,
            Confidence.High,
            new List<Finding> { new("oom-killed", "Exit code 137.", new List<string> { "e1" }) }),
        AnalysisOrigin.Rules,
        modelUnavailable,
        ModelId: null,
        InputTokens: 0,
        OutputTokens: 0,
        CostUsd: 0.00009387m,
        new List<string> { "kubectl -n cardboard get pods" },
        new List<SuggestedAction>
        {
            new(
                "increase-memory-limit",
                new ObjectReference("CronJob", "cardboard", "price-scraper", Uid: "2c7d1f0a"),
                new Dictionary<string, string>(StringComparer.Ordinal) { ["container"] = "scraper" },
                new List<string> { "e1" }),
        },
        Start.AddSeconds(7).AddTicks(3));
}
