using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Contracts;

/// <summary>One of each message with every field, and one with all that may be empty or absent.</summary>
internal static class Messages
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2026, 11, 22, 2, 13, 0, TimeSpan.Zero).AddMicroseconds(123_457);
    private static readonly Guid IncidentId = Guid.Parse("0193f6f0-0000-7000-8000-000000000001");
    private static readonly Guid ProposalId = Guid.Parse("0193f6f0-0000-7000-8000-000000000002");

    private static readonly Alert FullAlert = new(
        "0123456789abcdef",
        AlertStatus.Resolved,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = "KubePodCrashLooping", ["Größe"] = "5 €", ["PascalCase"] = "kept", ["dotted.name"] = "x" },
        new Dictionary<string, string>(StringComparer.Ordinal) { ["summary"] = "naïve – 日本語 😀 \"quoted\" <b>&amp;\u0000\n" },
        Time,
        Time.AddMinutes(5),
        "http://prometheus:9090/graph?g0.expr=up%20%3D%3D%200&g0.tab=1",
        Severity.Critical);

    private static readonly Alert BareAlert = FullAlert with
    {
        Status = AlertStatus.Firing,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal),
        Annotations = new Dictionary<string, string>(StringComparer.Ordinal),
        EndsAt = null,
        GeneratorUrl = null,
        Severity = null,
    };

    private static readonly ObjectReference Container = new("Pod", "cardboard", "price-scraper-28487520-2n78x", "scraper", "6f1c1a0e-7d0c-4b57-9d1d-0c1f6f2f5b7a");

    private static readonly SuggestedAction Action = new(
        "increase-memory-limit", Container, new Dictionary<string, string>(StringComparer.Ordinal) { ["from"] = "256Mi", ["to"] = "512Mi" }, ["e1", "e2"]);

    public static IReadOnlyList<object> All { get; } =
    [
        new AlertReceived(FullAlert, "{}/{severity=\"critical\"}:{alertname=\"Größe\"}", "alert-responder", "http://alertmanager:9093", Time, TruncatedAlerts: 15, StartIsGuessed: true),
        new AlertReceived(BareAlert, "", "", null, Time),
        new ContextEnriched(
            IncidentId,
            3,
            new Subject("CronJob", "cardboard", "price-scraper"),
            [FullAlert, BareAlert],
            [
                new Evidence(
                    "e1", EvidenceKind.PreviousLog, Container, "java.lang.OutOfMemoryError: größer als 5 €\n\tat Main", Time,
                    new Dictionary<string, string>(StringComparer.Ordinal) { [FactNames.LastReason] = "OOMKilled", [FactNames.MemoryLimit] = "256Mi" }),
                new Evidence("e2", EvidenceKind.Node, new ObjectReference("Node", null, "k3s-agent-2"), "", null, new Dictionary<string, string>(StringComparer.Ordinal)),
            ],
            [new UnreadSource("log of Pod cardboard/x", "forbidden")],
            Time,
            "eu-2",
            IsClusterAssumed: true),
        new ContextEnriched(IncidentId, 1, new Subject(Subject.AlertKind, null, "Watchdog"), [], [], [], Time),
        new AnalysisCompleted(
            IncidentId,
            3,
            new Diagnosis("Killed at 256Mi", "Größer als das Limit.", Severity.Critical, Confidence.High, [new Finding("oom-killed", "…", ["e1"]), new Finding("model", "x", [])]),
            AnalysisOrigin.Model,
            "paused until 02:18 UTC",
            "amazon.nova-micro-v1:0",
            1_234,
            567,
            0.000_122_57m,
            ["kubectl -n cardboard get pods"],
            [Action],
            Time),
        new AnalysisCompleted(IncidentId, 1, new Diagnosis("", "", Severity.Info, Confidence.Low, []), AnalysisOrigin.Rules, null, null, 0, 0, 0m, [], [], Time),
        new RemediationProposed(IncidentId, 3, [new RemediationProposal(ProposalId, Action, "- 256Mi\n+ 512Mi", RiskClass.Reversible, Time)]),
        new RemediationProposed(
            IncidentId,
            3,
            [new RemediationProposal(ProposalId, new SuggestedAction("logs", new ObjectReference("Pod", "a", "b"), new Dictionary<string, string>(StringComparer.Ordinal), []), null, RiskClass.ReadOnly, Time)]),
        new RemediationProposed(IncidentId, 3, []),
        new RemediationRequested(IncidentId, ProposalId, RemediationVerb.Undo, "U0123456", Time, "socket-mode", "C0123456", ["S0123456"], ProposalId),
        new RemediationRequested(IncidentId, ProposalId, RemediationVerb.Execute, "U0123456", Time, "slack"),
        new RemediationCompleted(IncidentId, ProposalId, RemediationOutcome.Ineffective, "größer", "256Mi → 512Mi", "U0123456", Time),
        new RemediationCompleted(
            IncidentId, ProposalId, RemediationOutcome.Refused, "no approver", "x", "U0123456", Time, ProposalId, "größer\n", "Log of Pod a/b", ForRequesterOnly: true),
        new RemediationCompleted(IncidentId, ProposalId, RemediationOutcome.Refused, "expired", null, "U0123456", Time),
        new IncidentChanged(IncidentId, 3, IncidentChange.Reopened),
    ];
}
