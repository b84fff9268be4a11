using AlertResponder.Analysis;
using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Nodes;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Analysis.Rules.Storage;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

/// <summary>Causes that lie around the sick container: its node, its siblings, what it depends on, what has become of it.</summary>
public sealed class SurroundingsRuleTests
{
    private const string Sick = "api-5d8f7c6b9-x2x4z";
    private const string Well = "api-5d8f7c6b9-k7k7k";

    private static Given Api(params (string, string)[] nodeFacts) =>
        Given.A("Deployment", "api").Alert("KubePodCrashLooping", null, ("pod", Sick), ("container", "api"))
            .Pod(Sick, ("node", "worker-2"))
            .Container(Sick, "api", "waiting", ("reason", "CrashLoopBackOff"), ("restartCount", "9"), ("lastState.exitCode", "1"), ("lastState.reason", "Error"), ("image", "api:2"))
            .Node("worker-2", [("ready", "true"), .. nodeFacts]);

    private static RulesDiagnosis Of(Given given) => RulesEngine.Diagnose(given.Context());

    private static string[] Actions(RulesDiagnosis diagnosis) => [.. diagnosis.SuggestedActions.Select(action => action.Kind)];

    [Fact]
    public void Diagnose_NodeWithAProblem_IsTheCauseAndMayBeCordoned()
    {
        var diagnosis = Of(Api(("problems", "ReadonlyFilesystem: Filesystem is read-only"))
            .PreviousLog(Sick, "api", "ERROR startup failed: OSError: [Errno 30] Read-only file system: '/var/cache/x'")
            .Pod(Well, ("node", "worker-1")).Container(Well, "api", "running", ("ready", "true")));

        diagnosis.Primary.Rule.ShouldBe(NodeTrouble.ProblemName);
        diagnosis.Diagnosis.Cause.ShouldContain("worker-2");
        Actions(diagnosis).ShouldContain(ActionKinds.CordonNode);
        Actions(diagnosis).ShouldContain(ActionKinds.DeletePod);
    }

    [Fact]
    public void Diagnose_NodeWithAProblemThatIsCordoned_IsNotCordonedAgain() =>
        Actions(Of(Api(("problems", "KernelDeadlock: task blocked"), ("unschedulable", "true")))).ShouldNotContain(ActionKinds.CordonNode);

    [Fact]
    public void Diagnose_NoSiblingIsWell_DoesNotEvict() =>
        Actions(Of(Api(("problems", "KernelDeadlock: task blocked")))).ShouldNotContain(ActionKinds.DeletePod);

    [Fact]
    public void Diagnose_SoundNode_IsNotBlamed() => Of(Api()).Primary.Rule.ShouldBe(CrashLoop.Name);

    [Fact]
    public void Diagnose_SandboxCannotBeMade_SaysSo()
    {
        var pending = Given.A("Deployment", "api").Alert("KubePodNotReady", null, ("pod", Sick))
            .Pod(Sick, ("phase", "Pending"), ("node", "worker-2"))
            .Container(Sick, "api", "waiting", ("reason", "ContainerCreating"))
            .Event(Sick, "FailedCreatePodSandBox", "Failed to create pod sandbox: plugin type=\"calico\" failed (add): error getting ClusterInformation: connection is unauthorized");

        var diagnosis = Of(pending);

        diagnosis.Primary.Rule.ShouldBe(MountFailed.SandboxName);
        diagnosis.Diagnosis.Explanation.ShouldContain("unauthorized");
        Actions(diagnosis).ShouldAllBe(action => ActionKinds.IsReadOnly(action));
    }

    [Fact]
    public void Diagnose_SandboxOfAStartedPod_IsHistory() =>
        Of(Given.A("Deployment", "api").Alert("KubePodNotReady", null, ("pod", Sick)).Pod(Sick, ("node", "worker-2"))
            .Container(Sick, "api", "running", ("ready", "true"))
            .Event(Sick, "FailedCreatePodSandBox", "Failed to create pod sandbox")).Primary.Rule.ShouldBe(Recovered.Name);

    [Fact]
    public void Diagnose_BothRevisionsCrash_DoesNotRollBack()
    {
        var both = Api().Pod("api-6c6c6c6c6-a1a1a", ("node", "worker-2"))
            .Container("api-6c6c6c6c6-a1a1a", "api", "waiting", ("reason", "CrashLoopBackOff"), ("restartCount", "9"), ("lastState.exitCode", "1"), ("image", "api:1"))
            .Seen(EvidenceKind.Change, "Deployment", "api", Given.Now.AddMinutes(-40), ("changed", "image"), ("from", "api:1"), ("to", "api:2"));

        Actions(Of(both)).ShouldNotContain(ActionKinds.RollBackWorkload);
    }

    [Theory]
    [InlineData("error: Dirty database version 88. Fix and force version.", false)]
    [InlineData("ERROR invalid value for SMTP_TLS", true)]
    public void Diagnose_AfterAChange_RollsBackUnlessADatabaseWasMigrated(string line, bool rollsBack) =>
        Actions(Of(Api().PreviousLog(Sick, "api", line)
            .Seen(EvidenceKind.Change, "Deployment", "api", Given.Now.AddMinutes(-40), ("changed", "image"), ("from", "api:1"), ("to", "api:2"))))
            .Contains(ActionKinds.RollBackWorkload).ShouldBe(rollsBack);

    [Fact]
    public void Diagnose_CrashedAndRunsAgain_OnlyLooks()
    {
        var diagnosis = Of(Given.A("Deployment", "api").Alert("KubePodCrashLooping", null, ("pod", Sick)).Pod(Sick)
            .Container(Sick, "api", "running", ("ready", "true"), ("startedAt", "2026-11-22T08:08:00Z"), ("restartCount", "7"), ("lastState.exitCode", "1"), ("lastState.finishedAt", "2026-11-22T08:05:00Z"))
            .PreviousLog(Sick, "api", "ERROR dial tcp mariadb.events.svc:3306: connect: connection refused")
            .Seen(EvidenceKind.Change, "Deployment", "api", Given.Now.AddMinutes(-40), ("changed", "image"), ("from", "api:1"), ("to", "api:2")));

        diagnosis.Diagnosis.Cause.ShouldContain("runs again");
        Actions(diagnosis).ShouldAllBe(action => ActionKinds.IsReadOnly(action));
    }

    [Fact]
    public void Diagnose_HealthyServiceInAnotherNamespaceTimesOut_NamesItsPolicy()
    {
        var given = Api().PreviousLog(Sick, "api", "INFO connecting to redis.cache.svc:6379", "redis.exceptions.TimeoutError: Timeout connecting to server")
            .Service("redis", "cache", ("endpoints.ready", "1"), ("endpoints.notReady", "0"));
        var context = given.Context();
        var policy = new Evidence("p1", EvidenceKind.NetworkPolicy, new ObjectReference("NetworkPolicy", "cache", "allow-shop"), "policy", null, new Dictionary<string, string> { ["type"] = "Ingress" });

        var diagnosis = RulesEngine.Diagnose(context with { Evidence = [.. context.Evidence, policy] });

        diagnosis.Diagnosis.Cause.ShouldContain("redis.cache.svc:6379");
        diagnosis.Diagnosis.Explanation.ShouldContain("allow-shop");
    }

    [Fact]
    public void Diagnose_AlertedPodIsGoneAndTheRestIsWell_SaysBoth()
    {
        var diagnosis = Of(Given.A("Deployment", "api").Alert("KubePodCrashLooping", null, ("pod", Sick))
            .Seen(EvidenceKind.Pod, "Pod", Sick, ("exists", "false"))
            .Pod(Well).Container(Well, "api", "running", ("ready", "true")));

        diagnosis.Primary.Rule.ShouldBe(Recovered.Name);
        diagnosis.Diagnosis.Explanation.ShouldContain($"Pod {Sick} no longer exists");
    }

    [Fact]
    public void Diagnose_NothingOfTheAlertExists_SaysSo() =>
        Of(Given.A("Deployment", "api").Alert("KubePodNotReady", null, ("pod", Sick)).Seen(EvidenceKind.Pod, "Pod", Sick, ("exists", "false")).Owner("Deployment", "api", ("exists", "false")))
            .Diagnosis.Cause.ShouldContain("does not exist, nor does Deployment api");

    [Fact]
    public void Diagnose_OomOfAGonePod_KnowsTheLimitFromTheTemplate()
    {
        var diagnosis = Of(Given.A("CronJob", "report").Alert("ContainerOOMKilled", null, ("pod", "report-29675640-m4q7x"), ("container", "report"))
            .Seen(EvidenceKind.Pod, "Pod", "report-29675640-m4q7x", ("exists", "false"))
            .Owner("CronJob", "report", ("template.limits.memory.report", "512Mi"))
            .Owner("Job", "report-29674200", ("succeeded", "1")));

        diagnosis.Diagnosis.Cause.ShouldContain("512Mi");
        Actions(diagnosis).ShouldContain(ActionKinds.IncreaseMemoryLimit);
    }

    [Fact]
    public void Diagnose_OomOfAGonePodBeforeALaterSuccess_IsOver() =>
        Of(Given.A("CronJob", "report").Alert("ContainerOOMKilled", null, ("pod", "report-29674200-m4q7x"), ("container", "report"))
            .Seen(EvidenceKind.Pod, "Pod", "report-29674200-m4q7x", ("exists", "false"))
            .Owner("Job", "report-29675640", ("succeeded", "1"))).Primary.Rule.ShouldBe(Recovered.Name);

    [Fact]
    public void Diagnose_LeftOverOfAnEviction_ChangesNothing()
    {
        var diagnosis = Of(Given.A("Deployment", "api").Alert("KubePodNotReady", null, ("pod", Sick))
            .Pod(Sick, ("phase", "Failed"), ("reason", "Evicted"), ("message", "Usage of EmptyDir volume \"scratch\" exceeds the limit \"1Gi\". "), ("node", "worker-2"))
            .Owner("Deployment", "api", ("desired", "2"), ("readyReplicas", "2"))
            .Pod(Well).Container(Well, "api", "running", ("ready", "true")));

        diagnosis.Primary.Rule.ShouldBe(Evicted.Name);
        diagnosis.Diagnosis.Cause.ShouldContain("emptyDir volume scratch outgrew its limit of 1Gi");
        diagnosis.Diagnosis.Severity.ShouldBe(Severity.Info);
        Actions(diagnosis).ShouldAllBe(action => ActionKinds.IsReadOnly(action));
    }

    [Theory]
    [InlineData("3", "pods 3 of 3")]
    [InlineData("1", null)]
    public void Diagnose_QuotaAlert_NamesWhatIsUsedUp(string used, string? said)
    {
        var cause = Of(Given.A("ResourceQuota", "pods").Alert("KubeQuotaFullyUsed").Seen(EvidenceKind.Quota, "ResourceQuota", "pods", ("hard.pods", "3"), ("used.pods", used))).Diagnosis.Cause;

        if (said is null)
            cause.ShouldNotContain("used up");
        else
            cause.ShouldContain(said);
    }

    [Fact]
    public void Diagnose_RenewalFails_TellsTheChallenge() =>
        Of(Given.A("Certificate", "shop-tls").Alert("CertManagerCertExpirySoon")
            .Seen(EvidenceKind.Resource, "Certificate", "shop-tls", ("ready", "true"), ("notAfter", "2026-11-25T00:00:00Z"))
            .Seen(EvidenceKind.Resource, "Challenge", "shop-tls-1", ("ready", "false"), ("reason", "invalid"), ("message", "Invalid response from http://shop.example/.well-known: 404")))
            .Diagnosis.Explanation.ShouldContain("404");

    [Fact]
    public void Diagnose_PendingForARequestThatNoNodeCanTake_SaysBothNumbers() =>
        Of(Given.A("StatefulSet", "es").Alert("KubePodNotReady", null, ("pod", "es-0"))
            .Pod("es-0", ("phase", "Pending"), ("scheduled", "false"), ("message", "0/4 nodes are available: 4 Insufficient memory. preemption: 0/4 nodes are available"))
            .Container("es-0", "es", "waiting", ("requests.memory", "12Gi"))
            .Node("n1", ("ready", "true"), ("allocatable.memory", "8Gi")))
            .Diagnosis.Explanation.ShouldContain("It requests memory 12Gi (the largest node has 8Gi).");

    [Fact]
    public void Diagnose_PendingForACordonedNode_NamesAndOffersIt()
    {
        var diagnosis = Of(Given.A("Deployment", "api").Alert("KubePodNotReady", null, ("pod", Sick))
            .Pod(Sick, ("phase", "Pending"), ("scheduled", "false"), ("message", "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable."))
            .Node("n1", ("ready", "true"), ("unschedulable", "true")).Node("n2", ("ready", "true")));

        diagnosis.Diagnosis.Explanation.ShouldContain("Cordoned: n1.");
        diagnosis.SuggestedActions.ShouldContain(action => action.Kind == ActionKinds.UncordonNode && action.Target.Name == "n1");
    }

    [Theory]
    [InlineData("3 node(s) didn't match pod anti-affinity rules", "3", false, true)]
    [InlineData("3 node(s) didn't match pod anti-affinity rules", "0", false, false)]
    [InlineData("3 node(s) didn't match pod anti-affinity rules", "3", true, false)]
    [InlineData("3 Insufficient cpu", "3", false, false)]
    public void Diagnose_MoreReplicasThanNodes_OffersAsManyAsFit(string obstacle, string ready, bool scales, bool offers)
    {
        var given = Given.A("StatefulSet", "nats").Alert("KubePodNotReady", null, ("pod", "nats-3"))
            .Owner("StatefulSet", "nats", ("desired", "5"), ("readyReplicas", ready), ("updatedReplicas", "4"))
            .Pod("nats-3", ("phase", "Pending"), ("scheduled", "false"), ("message", $"0/3 nodes are available: {obstacle}."));
        if (scales)
            given.Seen(EvidenceKind.Autoscaler, "HorizontalPodAutoscaler", "nats");

        var action = Of(given).SuggestedActions.SingleOrDefault(action => action.Kind == ActionKinds.ScaleWorkload);

        (action is not null).ShouldBe(offers);
        action?.Parameters[ActionKinds.Replicas].ShouldBe("3");
    }

    [Fact]
    public void Diagnose_VolumeOnANodeThatIsGone_SaysSo() =>
        Of(Given.A("StatefulSet", "influx").Alert("KubePodNotReady", null, ("pod", "influx-0"))
            .Pod("influx-0", ("phase", "Pending"), ("scheduled", "false"), ("message", "0/3 nodes are available: 3 node(s) didn't match PersistentVolume's node affinity."))
            .Seen(EvidenceKind.Volume, "PersistentVolume", "pvc-1", ("nodes", "old-1"))
            .Node("n1", ("ready", "true")))
            .Diagnosis.Explanation.ShouldContain("node old-1 alone, which is not among the nodes");
}
