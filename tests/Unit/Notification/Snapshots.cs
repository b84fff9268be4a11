using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Tests.Unit.Notification;

/// <summary>Incidents as the store would tell them.</summary>
internal static class Snapshots
{
    public static readonly DateTimeOffset Opened = new(2026, 11, 22, 2, 13, 5, TimeSpan.Zero);

    private static readonly Guid Id = new("0198c0de-0000-7000-8000-000000000001");

    public static IReadOnlyDictionary<string, IncidentSnapshot> All { get; } = new Dictionary<string, IncidentSnapshot>
    {
        ["price-scraper-oom"] = PriceScraper(),
        ["resolved"] = Resolved(),
        ["degraded"] = Degraded(),
        ["25-pods"] = TwentyFivePods(),
        ["hostile"] = Hostile(),
        ["node"] = Node(),
        ["proposals"] = Proposals(),
        ["proposal-steps"] = ProposalSteps(),
        ["silences"] = Silences(),
        ["two-hosts"] = TwoHosts(),
        ["one-host-left"] = OneHostLeft(),
        ["long"] = Long(),
        ["not-analysed"] = PriceScraper() with { Analysis = null, Context = null },
    };

    public static IncidentSnapshot PriceScraper()
    {
        var pod = new ObjectReference("Pod", "cardboard", "price-scraper-28487520-2n78x", "scraper");
        return new IncidentSnapshot(
            Id,
            new Subject("CronJob", "cardboard", "price-scraper"),
            Revision: 1,
            Version: 3,
            Opened,
            ResolvedAt: null,
            Reopened: 0,
            ExternalUrl: "http://alertmanager.example:9093",
            [
                Alert(
                    "KubePodCrashLooping",
                    new() { ["namespace"] = "cardboard", ["pod"] = pod.Name, ["severity"] = "warning" },
                    new()
                    {
                        ["description"] = "Pod cardboard/price-scraper-28487520-2n78x (scraper) is in waiting state (reason: \"CrashLoopBackOff\") on cluster .",
                        ["runbook_url"] = "https://runbooks.prometheus-operator.dev/runbooks/kubernetes/kubepodcrashlooping",
                        ["summary"] = "Pod is crash looping.",
                    }),
            ],
            new ContextEnriched(
                Id,
                1,
                new Subject("CronJob", "cardboard", "price-scraper"),
                [],
                [
                    Evidence("e1", EvidenceKind.Container, pod, "scraper: waiting CrashLoopBackOff; last terminated OOMKilled, exit code 137; limit 256Mi"),
                    Evidence("e2", EvidenceKind.PreviousLog, pod, "INFO fetched 4000 products\nINFO building <index> in memory\n"),
                    Evidence("e3", EvidenceKind.Event, pod, "BackOff: restarting failed container"),
                    Evidence("e4", EvidenceKind.Event, pod, "Pulled: image already present"),
                ],
                [new UnreadSource("metrics of Pod cardboard/price-scraper-28487520-2n78x", "not installed")],
                Opened.AddSeconds(4)),
            new AnalysisCompleted(
                Id,
                1,
                new Diagnosis(
                    "Container scraper is killed at its memory limit of 256Mi (OOMKilled)",
                    "It holds all products in memory while it builds its index, needs more than 256Mi and is restarted by the kubelet until the back-off.",
                    Severity.Critical,
                    Confidence.High,
                    [
                        new Finding("oom-killed", "Container scraper was OOMKilled (exit code 137) with a limit of 256Mi.", ["e1"]),
                        new Finding("crash-loop", "It restarted 5 times and waits in CrashLoopBackOff.", ["e1", "e3", "e4"]),
                        new Finding("model", "The last run died while it built the index.", ["e2"]),
                    ]),
                AnalysisOrigin.Model,
                ModelUnavailable: null,
                "amazon.nova-micro-v1:0",
                InputTokens: 1834,
                OutputTokens: 212,
                CostUsd: 0.00009387m,
                ["kubectl -n cardboard logs price-scraper-28487520-2n78x -c scraper --previous"],
                [],
                Opened.AddSeconds(7)),
            []);
    }

    public static IncidentSnapshot Resolved()
    {
        var open = PriceScraper();
        var proposal = new Guid("0198c0de-0000-7000-8000-00000000000a");
        return open with
        {
            Reopened = 2,
            ResolvedAt = Opened.AddMinutes(72).AddSeconds(20),
            Alerts = [.. open.Alerts.Select(alert => alert with { Alert = alert.Alert with { Status = AlertStatus.Resolved, EndsAt = Opened.AddMinutes(72) } })],
            Remediations =
            [
                Completed(proposal, RemediationOutcome.Applied, "patched", "memory limit of scraper 256Mi → 512Mi", 20),
                Completed(proposal, RemediationOutcome.Verified, "rollout complete and alert resolved", null, 72),
            ],
        };
    }

    public static IncidentSnapshot Proposals() => PriceScraper() with
    {
        Proposals =
        [
            Proposal(
                1,
                "Increase memory limit of scraper to 512Mi",
                diff: "--- CronJob cardboard/price-scraper\n+++ after\n-  limits.memory: 256Mi\n+  limits.memory: 512Mi",
                shortDiff: "-  limits.memory: 256Mi\n+  limits.memory: 512Mi") with { Caution = "Argo CD manages this object and may put it back." },
            Proposal(2, "Delete Job price-scraper-28487520", RiskClass.Destructive, "- Job cardboard/price-scraper-28487520", "- Job cardboard/price-scraper-28487520"),
            Proposal(3, "Logs of scraper", RiskClass.ReadOnly),
            Proposal(4, "Previous logs of scraper", RiskClass.ReadOnly),
            Proposal(5, "Silence for 1 h") with { Caution = "Until 03:13 UTC nobody hears of these alerts." },
        ],
    };

    public static IncidentSnapshot ProposalSteps()
    {
        ProposalState[] states = [ProposalState.AwaitingSecond, ProposalState.Claimed, ProposalState.RollingOut, ProposalState.Verified, ProposalState.Undone];
        return PriceScraper() with
        {
            Proposals =
            [
                .. states.Select((state, number) => Proposal(number, $"Restart web-{number}", RiskClass.Destructive, "+ restartedAt", "+ restartedAt") with
                {
                    State = state,
                    Progress = state == ProposalState.RollingOut ? "rolling out 2/3" : state == ProposalState.Verified ? "rolled out, alerts resolved" : null,
                    RequestedBy = "U0ABC123",
                    ApprovedBy = state == ProposalState.AwaitingSecond ? null : "U0DEF456",
                    UndoneBy = state == ProposalState.Undone ? "U0DEF456" : null,
                    CanBeUndone = state is ProposalState.RollingOut or ProposalState.Verified,
                    RequestedAt = Opened.AddMinutes(2),
                    AppliedAt = state == ProposalState.AwaitingSecond ? null : Opened.AddMinutes(3),
                    EndedAt = state is ProposalState.Verified or ProposalState.Undone ? Opened.AddMinutes(9) : null,
                }),
            ],
        };
    }

    public static IncidentSnapshot Silences() => PriceScraper() with
    {
        Proposals =
        [
            Silence(1, "Silence for 1 h", ProposalState.Undone, "lifted") with { UndoneBy = "U0DEF456", EndedAt = Opened.AddMinutes(9) },
            Silence(2, "Silence for 4 h", ProposalState.Undoing, null) with { UndoneBy = "U0DEF456" },
            Silence(3, "Silence until resolved", ProposalState.Applied, "silenced until the alerts are resolved") with { CanBeUndone = true },
        ],
    };

    private static ProposalSnapshot Silence(int number, string title, ProposalState state, string? progress)
    {
        var proposal = Proposal(number, title);
        return proposal with
        {
            Action = proposal.Action with { Kind = SuggestedAction.SilenceKind },
            State = state,
            Progress = progress,
            RequestedBy = "U0ABC123",
            RequestedAt = Opened.AddMinutes(2),
            AppliedAt = Opened.AddMinutes(3),
        };
    }

    public static ProposalSnapshot Proposal(int number, string title, RiskClass risk = RiskClass.Reversible, string? diff = null, string? shortDiff = null) => new(
        new Guid(number, 0, 0, new byte[8]),
        1,
        new SuggestedAction("action", new ObjectReference("CronJob", "cardboard", "price-scraper"), new Dictionary<string, string>(StringComparer.Ordinal), []),
        title,
        risk,
        diff,
        shortDiff,
        Caution: null,
        ProposalState.Offered,
        Progress: null,
        CanBeUndone: false,
        RequestedBy: null,
        ApprovedBy: null,
        UndoneBy: null,
        Opened.AddMinutes(30),
        RequestedAt: null,
        AppliedAt: null,
        EndedAt: null);

    public static IncidentSnapshot TwoHosts()
    {
        var open = PriceScraper();
        IncidentAlertSnapshot[] alerts = [Host("db-1.example:9104"), Host("db-2.example:9104")];
        return open with
        {
            Subject = new Subject(Subject.AlertKind, null, "InstanceDown{job=\"mysql\"}"),
            Alerts = alerts,
            Context = open.Context! with { Alerts = [.. alerts.Select(alert => alert.Alert)], Evidence = [], Unread = [] },
            Analysis = open.Analysis! with
            {
                Origin = AnalysisOrigin.Rules,
                Commands = [],
                Diagnosis = new Diagnosis("InstanceDown: Instance db-1.example:9104 down, and 1 more", "Nothing else was found.", Severity.Critical, Confidence.Low, []),
            },
        };
    }

    /// <summary>The other is up again since, and the diagnosis is about that.</summary>
    public static IncidentSnapshot OneHostLeft()
    {
        var both = TwoHosts();
        return both with { Alerts = [both.Alerts[0] with { Alert = both.Alerts[0].Alert with { Status = AlertStatus.Resolved, EndsAt = Opened.AddMinutes(5) } }, both.Alerts[1]] };
    }

    private static IncidentAlertSnapshot Host(string instance)
    {
        var host = Alert("InstanceDown", new() { ["job"] = "mysql", ["instance"] = instance, ["severity"] = "critical" }, new() { ["summary"] = $"Instance {instance} down" });
        return host with { Alert = host.Alert with { Fingerprint = instance } };
    }

    public static IncidentSnapshot Degraded()
    {
        var open = PriceScraper();
        return open with
        {
            Revision = 2,
            Context = open.Context! with
            {
                Revision = 2,
                Unread =
                [
                    new UnreadSource("Pod cardboard/price-scraper-28487520-2n78x", "timed out"),
                    new UnreadSource("events of Pod cardboard/price-scraper-28487520-2n78x", "timed out"),
                    new UnreadSource("CronJob cardboard/price-scraper", "paused until 02:18 UTC"),
                    new UnreadSource("Node k3s-agent-2", "paused until 02:18 UTC"),
                ],
            },
            Analysis = open.Analysis! with
            {
                Origin = AnalysisOrigin.Rules,
                ModelUnavailable = "Bedrock is paused until 02:18:00 UTC",
                ModelId = null,
                InputTokens = 0,
                OutputTokens = 0,
                CostUsd = 0,
                Commands = [],
                Diagnosis = open.Analysis.Diagnosis with { Severity = Severity.Warning, Confidence = Confidence.Medium },
            },
        };
    }

    public static IncidentSnapshot TwentyFivePods()
    {
        var open = PriceScraper();
        IncidentAlertSnapshot[] alerts =
        [
            .. Enumerable.Range(1, 25).Select(number => Pod(number, number <= 3 ? AlertStatus.Resolved : AlertStatus.Firing)),
            Alert("KubeDeploymentReplicasMismatch", new() { ["namespace"] = "shop", ["deployment"] = "checkout" }, []),
        ];
        return open with
        {
            Subject = new Subject("Deployment", "shop", "checkout"),
            TruncatedAlerts = 15,
            Context = open.Context! with
            {
                Alerts = [.. alerts.Select(alert => alert.Alert)],
                Evidence = [Evidence("e3", EvidenceKind.Event, new ObjectReference("Pod", "shop", "checkout-6d5f7c9b8-00001"), "Failed: manifest unknown")],
                Unread = [],
            },
            Alerts = alerts,
            Analysis = open.Analysis! with
            {
                Origin = AnalysisOrigin.Reused,
                InputTokens = 0,
                OutputTokens = 0,
                CostUsd = 0,
                Commands = [],
                Diagnosis = open.Analysis.Diagnosis with
                {
                    Cause = "The image registry.example/checkout:2.14.0 has no such tag",
                    Explanation = "The rollout waits for an image that was never pushed.",
                    Findings = [.. Enumerable.Range(1, 25).Select(number => new Finding("image-pull", $"Pod checkout-6d5f7c9b8-{number:D5} cannot pull registry.example/checkout:2.14.0.", ["e3"]))],
                },
            },
        };
    }

    private static IncidentAlertSnapshot Pod(int number, AlertStatus status)
    {
        var pod = Alert("KubePodCrashLooping", new() { ["namespace"] = "shop", ["pod"] = $"checkout-6d5f7c9b8-{number:D5}" }, [], status);
        return pod with { Alert = pod.Alert with { Fingerprint = $"{number:x16}" } };
    }

    /// <summary>More than a message should hold, and a model that doubts it.</summary>
    public static IncidentSnapshot Long()
    {
        var open = Degraded() with { Analysis = PriceScraper().Analysis };
        var pod = new ObjectReference("Pod", "cardboard", "price-scraper-28487520-2n78x");
        return open with
        {
            Revision = 1,
            Context = open.Context! with
            {
                Revision = 1,
                Evidence = [.. open.Context.Evidence, .. Enumerable.Range(5, 5).Select(number => Evidence($"e{number}", EvidenceKind.Event, pod, $"Warning number {number}"))],
            },
            Analysis = open.Analysis! with
            {
                Commands = [.. Enumerable.Range(1, 3).Select(number => $"kubectl -n cardboard logs price-scraper-28487520-2n78x -c scraper --previous --tail={number}00")],
                Diagnosis = open.Analysis.Diagnosis with
                {
                    Explanation = string.Join(' ', Enumerable.Repeat("It holds all products in memory while it builds its index, needs more than 256Mi and is restarted by the kubelet until the back-off.", 5)),
                    Doubt = "it blames something else: the registry answers slowly.",
                    Findings = [.. open.Analysis.Diagnosis.Findings, .. Enumerable.Range(5, 5).Select(number => new Finding("rule", $"Event {number} says that the container scraper of the pod price-scraper-28487520-2n78x was started again and ended again, as before.", [$"e{number}"]))],
                },
            },
        };
    }

    public static IncidentSnapshot Hostile()
    {
        const string attack = "`code` *bold* _it_ ~gone~ <!channel> <@U123> <#C123|general> <https://evil.example|click> & <script>alert(1)</script>";
        var open = PriceScraper();
        var @long = new string('x', 2000);
        return open with
        {
            Subject = new Subject("Alert", "a\nb", $"Überwachung \"☃\" <!channel> & <script> {@long}"),
            ExternalUrl = "javascript:alert(1)",
            Alerts =
            [
                Alert(
                    "Überwachung \"☃\" <!channel> & <script>",
                    new() { ["namespace"] = "a\nb", ["pod"] = @long },
                    new() { ["description"] = attack, ["runbook_url"] = "https://runbooks.example/a|b><!channel>?q=`x`&r=1" }) with { Repeats = 3 },
                Alert(@long, [], [], generatorUrl: "https://prometheus.example@evil.example/"),
            ],
            Context = open.Context! with
            {
                Evidence =
                [
                    Evidence("e1", EvidenceKind.PreviousLog, new ObjectReference("Pod", "a\nb", @long), $"first\n\u001b[31mERROR\u001b[0m `{attack}`\u202Egpj.exe\u200B\n\n"),
                    Evidence("e1", EvidenceKind.Owner, new ObjectReference("<!here>", null, "*"), ""),
                ],
                Unread = [new UnreadSource(attack, "<!everyone>\r\n> quote")],
            },
            Analysis = open.Analysis! with
            {
                ModelUnavailable = "<!here> \ud800 lone surrogate",
                ModelId = "`<@U1>`",
                Commands = ["kubectl logs `id` <!channel> && echo *", "", "  "],
                Diagnosis = open.Analysis.Diagnosis with
                {
                    Cause = $"{attack} {string.Concat(Enumerable.Repeat("&<>", 300))}",
                    Explanation = $">quoted {string.Concat(Enumerable.Repeat("😀&", 600))}",
                    Findings = [new Finding("model", attack, ["e1", "e1", "e9"]), new Finding("model", "\n\t\0", [])],
                },
            },
            Remediations =
            [
                new RemediationCompleted(Id, Guid.Empty, RemediationOutcome.Refused, "<!channel> `no`", "*all*\n> of it", "<@U123>", Opened.AddMinutes(3)),
            ],
        };
    }

    public static IncidentSnapshot Node()
    {
        var open = PriceScraper();
        var node = new ObjectReference("Node", null, "k3s-agent-2");
        return open with
        {
            Subject = new Subject("Node", null, "k3s-agent-2"),
            ExternalUrl = null,
            Alerts =
            [
                Alert("KubeNodeNotReady", new() { ["node"] = "k3s-agent-2", ["severity"] = "warning" }, new() { ["summary"] = "Node is not ready." }),
                Alert("KubeNodeUnreachable", new() { ["node"] = "k3s-agent-2", ["severity"] = "warning" }, []),
            ],
            Context = open.Context! with
            {
                Evidence = [Evidence("e1", EvidenceKind.Node, node, "Ready=Unknown (NodeStatusUnknown) since 02:12 UTC: Kubelet stopped posting node status.")],
                Unread = [],
            },
            Analysis = open.Analysis! with
            {
                CostUsd = 0.0123m,
                Commands = ["kubectl describe node k3s-agent-2", "kubectl get pods -A --field-selector spec.nodeName=k3s-agent-2", "kubectl get events"],
                Diagnosis = new Diagnosis(
                    "Node k3s-agent-2 stopped reporting: kubelet down, host off or cut from the network",
                    "Its pods will be evicted after five minutes.",
                    Severity.Critical,
                    Confidence.Low,
                    [new Finding("node-not-ready", "Node k3s-agent-2 stopped reporting: kubelet down, host off or cut from the network.", ["e1"])]),
            },
        };
    }

    public static IncidentAlertSnapshot Alert(
        string name,
        Dictionary<string, string> labels,
        Dictionary<string, string> annotations,
        AlertStatus status = AlertStatus.Firing,
        string? generatorUrl = "http://prometheus.example:9090/graph?g0.expr=up+%3E%3D+1&g0.tab=1") =>
        new(
            new Alert("636219f2fccf1c5f", status, new Dictionary<string, string>(labels) { ["alertname"] = name }, annotations, Opened, null, generatorUrl),
            Repeats: 0);

    public static Evidence Evidence(string id, EvidenceKind kind, ObjectReference source, string text) =>
        new(id, kind, source, text, Opened, new Dictionary<string, string>());

    public static RemediationCompleted Completed(Guid proposal, RemediationOutcome outcome, string reason, string? change, int minutes) =>
        new(Id, proposal, outcome, reason, change, "U0ABC123", Opened.AddMinutes(minutes));
}
