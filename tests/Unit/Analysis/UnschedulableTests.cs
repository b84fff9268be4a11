using AlertResponder.Analysis;
using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Nodes;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class UnschedulableTests
{
    private static Given Pending(string? message) => Given.A("Deployment", "api").Alert("KubePodNotReady")
        .Pod("api-1-a", [("phase", "Pending"), ("scheduled", "false"), ("reason", "Unschedulable"), .. message is null ? Array.Empty<(string, string)>() : [("message", message)]]);

    [Theory]
    [InlineData("0/5 nodes are available: 2 Insufficient memory, 3 Insufficient cpu. preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.", "3 nodes lack cpu, 2 nodes lack memory")]
    [InlineData("0/3 nodes are available: 3 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }.", "3 nodes have the taint node-role.kubernetes.io/control-plane")]
    [InlineData("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.", "1 node does not match its node selector or affinity")]
    [InlineData("0/4 nodes are available: pod has unbound immediate PersistentVolumeClaims.", "a PersistentVolumeClaim is not bound")]
    [InlineData("0/4 nodes are available: persistentvolumeclaim \"data-0\" not found.", "PersistentVolumeClaim data-0 is not there")]
    [InlineData("0/2 nodes are available: 1 node(s) were unschedulable, 1 Too many pods.", "1 node is cordoned, 1 node has the maximum number of pods")]
    [InlineData("0/2 nodes are available: 2 node(s) had volume node affinity conflict.", "2 nodes cannot reach its volume (node affinity)")]
    [InlineData("0/2 nodes are available: 2 node(s) were struck by lightning.", "2 nodes: node(s) were struck by lightning")]
    [InlineData("no nodes available to schedule pods", "no nodes available to schedule pods")]
    public void Parse_SchedulerMessage_CountsTheObstacles(string message, string expected) =>
        string.Join(", ", SchedulerMessage.Parse(message).Obstacles).ShouldBe(expected);

    [Fact]
    public void Diagnose_PendingPod_NamesPodAndObstacles()
    {
        var rules = RulesEngine.Diagnose(Pending("0/5 nodes are available: 2 Insufficient memory, 3 node(s) had untolerated taint {gpu: true}.").Context());

        rules.Diagnosis.Cause.ShouldBe("Deployment api: pod api-1-a cannot be scheduled: 3 nodes have the taint gpu: true, 2 nodes lack memory");
        rules.Diagnosis.Severity.ShouldBe(Severity.Critical);
        rules.Diagnosis.Confidence.ShouldBe(Confidence.High);
    }

    [Fact]
    public void Diagnose_OnlyTheEventSaysWhy_CitesIt()
    {
        var rules = RulesEngine.Diagnose(Pending(null).Event("api-1-a", "FailedScheduling", "0/2 nodes are available: 2 Insufficient cpu.").Context());

        rules.Diagnosis.Cause.ShouldContain("2 nodes lack cpu");
        rules.Diagnosis.Findings[0].EvidenceIds.ShouldBe(["e2", "e3"]);
    }

    [Fact]
    public void Diagnose_ScheduledAfterAll_IgnoresTheOldEvent() =>
        RulesEngine.Diagnose(Given.PriceScraper()).Diagnosis.Findings.ShouldNotContain(finding => finding.Rule == Unschedulable.Name);

    [Fact]
    public void Diagnose_CordonedNodes_OffersToUncordon()
    {
        var rules = RulesEngine.Diagnose(Pending("0/1 nodes are available: 1 node(s) were unschedulable.")
            .Node("k3s-agent-1", ("ready", "true"), ("unschedulable", "true")).Context());

        rules.SuggestedActions[0].Kind.ShouldBe(ActionKinds.UncordonNode);
        rules.SuggestedActions[0].Target.Name.ShouldBe("k3s-agent-1");
    }

    [Fact]
    public void Diagnose_ManyPendingPods_IsOneFinding()
    {
        var given = Pending("0/1 nodes are available: 1 Insufficient cpu.");
        for (var i = 0; i < 9; i++)
            given.Pod($"api-1-b{i}", ("phase", "Pending"), ("scheduled", "false"), ("message", "0/1 nodes are available: 1 Insufficient cpu."));

        RulesEngine.Diagnose(given.Context()).Diagnosis.Findings.ShouldHaveSingleItem().Text.ShouldStartWith("10 of 10 pods");
    }
}
