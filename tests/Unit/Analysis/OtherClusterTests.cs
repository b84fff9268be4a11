using AlertResponder.Analysis;
using AlertResponder.Analysis.Check;
using AlertResponder.Analysis.Model;
using AlertResponder.Analysis.Prompt;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

/// <summary>An alert of a cluster that is not connected: nothing is known but the alert.</summary>
public sealed class OtherClusterTests
{
    private static readonly ContextEnriched Here = Given.A("Deployment", "api").Alert("KubeDeploymentReplicasMismatch").Context();
    private static readonly ContextEnriched Elsewhere = Here with { ConnectedCluster = "eu-2", Subject = Here.Subject with { Cluster = "eu-1" } };

    [Fact]
    public void Diagnose_AlertAlone_IsUnknownAndSuggestsNothingInTheWrongCluster()
    {
        RulesEngine.Diagnose(Here).Commands.ShouldNotBeEmpty();

        var rules = RulesEngine.Diagnose(Elsewhere);

        rules.Primary.Rule.ShouldBe(Unknown.Name);
        rules.Diagnosis.Confidence.ShouldBe(Confidence.Low);
        rules.SuggestedActions.ShouldBeEmpty();
        rules.OfferedActions.ShouldBeEmpty();
        rules.Commands.ShouldBeEmpty();
    }

    [Fact]
    public void Build_AlertAlone_TellsTheModelThatNothingWasRead()
    {
        UserPrompt.Build(Elsewhere, RulesEngine.Diagnose(Elsewhere), "5ca1ab1e0042", 1_000).ShouldContain("- not read: the subject's cluster, which is not connected.");
        UserPrompt.Build(Here, RulesEngine.Diagnose(Here), "5ca1ab1e0042", 1_000).ShouldNotContain("not connected");
    }

    [Fact]
    public void Check_AnswerWithACommand_DropsIt()
    {
        var answer = new ModelAnswer("KubeDeploymentReplicasMismatch for api", "", Severity.Warning, Confidence.High, ["e1"], [ActionKinds.Describe], ["kubectl -n cardboard describe deployment api"]);

        AnswerCheck.Check(answer, Here, RulesEngine.Diagnose(Here)).Commands.ShouldContain("kubectl -n cardboard describe deployment api");
        var joint = AnswerCheck.Check(answer, Elsewhere, RulesEngine.Diagnose(Elsewhere));

        joint.Commands.ShouldBeEmpty();
        joint.SuggestedActions.ShouldBeEmpty();
        joint.Dropped.ShouldContain(claim => claim.Kind == "command");
    }
}
