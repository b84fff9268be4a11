using System.Text.Json.Nodes;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Actions.Change;
using AlertResponder.Remediation.Cluster;
using AlertResponder.Remediation.Verification;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Remediation;

public sealed class VerificationRuleTests
{
    private static readonly DateTimeOffset AppliedAt = Samples.Start;

    [Theory]
    [InlineData("Complete", true, 1, "Verified", "verified: 3/3, the alerts are resolved")]
    [InlineData("Complete", true, 99, "Verified", "verified: 3/3, the alerts are resolved")]
    [InlineData("Complete", false, 1, "RollingOut", "3/3; waiting for the alerts to resolve")]
    [InlineData("Complete", false, 15, "Ineffective", "ineffective: 3/3, and the alerts still fire")]
    [InlineData("Moving", true, 1, "RollingOut", "3/3")]
    [InlineData("Moving", true, 15, "Ineffective", "ineffective: the alerts are resolved, but 3/3")]
    [InlineData("Moving", false, 14, "RollingOut", "3/3")]
    [InlineData("Moving", false, 15, "Ineffective", "ineffective: 3/3, and the alerts still fire")]
    [InlineData("Failed", false, 1, "Ineffective", "ineffective: 3/3")]
    [InlineData("Failed", true, 1, "Ineffective", "ineffective: 3/3")]
    [InlineData("Waiting", false, 15, "RollingOut", "3/3")]
    [InlineData("Waiting", true, 60, "RollingOut", "3/3")]
    [InlineData("Waiting", false, 8 * 24 * 60, "Ineffective", "ineffective: 3/3, and the alerts still fire")]
    public void Judge_StageAlertsAndTime_Decide(string stage, bool isResolved, int minutes, string state, string progress)
    {
        var seen = new Observation(Enum.Parse<ObservedStage>(stage), "3/3");

        var standing = VerificationRule.Judge(seen, isResolved, Applied(), TimeSpan.FromMinutes(15), AppliedAt.AddMinutes(minutes));

        (standing.State, standing.Progress).ShouldBe((Enum.Parse<ProposalState>(state), progress));
        (standing.NextLook is null).ShouldBe(standing.State != ProposalState.RollingOut);
        if (standing.NextLook is { } look)
            look.ShouldBeGreaterThan(AppliedAt.AddMinutes(minutes));
    }

    [Theory]
    [InlineData("Deployment", """{"metadata":{"generation":2},"spec":{"replicas":3},"status":{"observedGeneration":1,"replicas":3,"updatedReplicas":3,"availableReplicas":3}}""", false, "rolling out")]
    [InlineData("Deployment", """{"metadata":{"generation":2},"spec":{"replicas":3},"status":{"observedGeneration":2,"replicas":4,"updatedReplicas":3,"availableReplicas":3}}""", false, "rolling out 3/3")]
    [InlineData("Deployment", """{"metadata":{"generation":2},"spec":{"replicas":3},"status":{"observedGeneration":2,"replicas":3,"updatedReplicas":2,"availableReplicas":3}}""", false, "rolling out 2/3")]
    [InlineData("Deployment", """{"metadata":{"generation":2},"spec":{"replicas":3},"status":{"observedGeneration":2,"replicas":3,"updatedReplicas":3,"availableReplicas":3}}""", true, "rolled out 3/3")]
    [InlineData("StatefulSet", """{"spec":{"replicas":2},"status":{"replicas":2,"updatedReplicas":2,"availableReplicas":2,"currentRevision":"a","updateRevision":"b"}}""", false, "rolling out 2/2")]
    [InlineData("StatefulSet", """{"spec":{"replicas":2},"status":{"replicas":2,"updatedReplicas":2,"availableReplicas":2,"currentRevision":"b","updateRevision":"b"}}""", true, "rolled out 2/2")]
    [InlineData("DaemonSet", """{"status":{"desiredNumberScheduled":5,"updatedNumberScheduled":5,"numberAvailable":4}}""", false, "rolling out 4/5")]
    [InlineData("DaemonSet", """{"status":{"desiredNumberScheduled":5,"updatedNumberScheduled":5,"numberAvailable":5}}""", true, "rolled out 5/5")]
    public void Rollout_Status_TellsHowFar(string kind, string live, bool isComplete, string text)
    {
        var seen = Rollout.Of((JsonObject)JsonNode.Parse(live)!, kind);

        (seen.Stage == ObservedStage.Complete, seen.Text).ShouldBe((isComplete, text));
    }

    [Theory]
    [InlineData("512Mi", "Complete", "c-1", "2026-11-22T02:20:00Z", "Complete")]
    [InlineData("512Mi", "Failed", "c-1", "2026-11-22T02:20:00Z", "Failed")]
    [InlineData("512Mi", "Suspended", "c-1", "2026-11-22T02:20:00Z", "Moving")]
    [InlineData("256Mi", "Complete", "c-1", "2026-11-22T02:20:00Z", "Waiting")]
    [InlineData("512Mi", "Complete", "c-2", "2026-11-22T02:20:00Z", "Waiting")]
    [InlineData("512Mi", "Complete", "c-1", "2026-11-22T01:20:00Z", "Waiting")]
    public void Rollout_RunsOfACronJob_CountWhenTheyHaveTheChange(string limit, string condition, string owner, string created, string stage)
    {
        const string Path = "/spec/jobTemplate/spec/template/spec/containers/0/limit";
        var job = JsonNode.Parse(
            $$$"""
            {"metadata":{"name":"run","creationTimestamp":"{{{created}}}","ownerReferences":[{"uid":"{{{owner}}}"}]},
            "spec":{"template":{"spec":{"containers":[{"limit":"{{{limit}}}"}]} } },"status":{"conditions":[{"type":"{{{condition}}}","status":"True"}]} }
            """);
        var cronJob = JsonNode.Parse("""{"metadata":{"uid":"c-1"},"spec":{"schedule":"*/10 * * * *"}}""");

        var seen = Rollout.OfRuns((JsonObject)cronJob!, [new FieldEdit(Path, JsonValue.Create("256Mi"), JsonValue.Create("512Mi"))], [(JsonObject)job!], AppliedAt);

        seen.Stage.ShouldBe(Enum.Parse<ObservedStage>(stage));
    }

    private static Proposal Applied() => new()
    {
        SubjectKey = "",
        Kind = "",
        ActionJson = "",
        Title = "",
        State = ProposalState.RollingOut,
        AppliedAt = AppliedAt,
        DeadlineAt = AppliedAt.AddMinutes(15),
    };
}
