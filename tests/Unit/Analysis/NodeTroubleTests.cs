using AlertResponder.Analysis;
using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Nodes;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class NodeTroubleTests
{
    private static RulesDiagnosis Diagnose(params (string, string)[] facts) =>
        RulesEngine.Diagnose(Given.A("Node", "k3s-agent-2").Alert("KubeNodeNotReady").Node("k3s-agent-2", facts).Context());

    [Theory]
    [InlineData("false")]
    [InlineData("unknown")]
    public void Diagnose_NodeNotReady_SaysWhatTheKubeletSaid(string ready)
    {
        var rules = Diagnose(("ready", ready), ("message", "Kubelet stopped posting node status."));

        rules.Diagnosis.Cause.ShouldBe("Node k3s-agent-2 is NotReady: Kubelet stopped posting node status");
        rules.Diagnosis.Severity.ShouldBe(Severity.Critical);
        rules.SuggestedActions.ShouldAllBe(action => ActionKinds.IsReadOnly(action.Kind));
    }

    [Fact]
    public void Diagnose_Pressure_NamesTheResources() =>
        Diagnose(("ready", "true"), ("memoryPressure", "true"), ("diskPressure", "true"), ("pidPressure", "false"))
            .Diagnosis.Cause.ShouldBe("Node k3s-agent-2 is short of memory and disk");

    [Fact]
    public void Diagnose_Cordoned_OffersToUncordon() =>
        Diagnose(("ready", "true"), ("unschedulable", "true")).SuggestedActions[0].Kind.ShouldBe(ActionKinds.UncordonNode);

    [Fact]
    public void Diagnose_ReadyAgain_IsRecovered()
    {
        var rules = Diagnose(("ready", "true"), ("memoryPressure", "false"));

        rules.Diagnosis.Cause.ShouldBe("Node k3s-agent-2 is healthy: nothing is wrong any more");
        rules.Diagnosis.Severity.ShouldBe(Severity.Info);
    }

    [Fact]
    public void Diagnose_CrashOnAFailingNode_NamesTheContainerFirst()
    {
        var context = Given.Api("terminated", ("reason", "OOMKilled"), ("exitCode", "137"), ("limits.memory", "1Gi"))
            .Node("k3s-agent-2", ("ready", "true"), ("memoryPressure", "true")).Context();

        RulesEngine.Diagnose(context).Diagnosis.Findings.Select(finding => finding.Rule).ShouldBe([OomKilled.Name, NodeTrouble.PressureName]);
    }
}
