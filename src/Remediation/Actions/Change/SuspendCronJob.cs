using System.Text.Json.Nodes;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Has a CronJob start no more runs; one that runs goes on.</summary>
internal sealed class SuspendCronJob() : ObjectChange("suspend-cronjob")
{
    private const string Suspend = "/spec/suspend";

    public override IReadOnlyList<string> TargetKinds { get; } = ["CronJob"];

    public override IReadOnlyList<ActionPermission> Permissions(string targetKind)
    {
        var type = ObjectType.Of(targetKind);
        return [type.May("get"), type.May("patch")];
    }

    protected override Task<Plan> PlanAsync(JsonObject live, Situation situation, ActionTools tools, CancellationToken cancellationToken) =>
        Task.FromResult(live.IsTrueAt(Suspend) ? Plan.Not("it is suspended") : Plan.Set($"Suspend {situation.Target.Name}", live, Suspend, JsonValue.Create(true)));

    protected override Task<Observation> ObserveAsync(JsonObject live, Proposal proposal, ActionTools tools, CancellationToken cancellationToken) =>
        Task.FromResult(live.IsTrueAt(Suspend)
            ? new Observation(ObservedStage.Complete, "suspended")
            : new Observation(ObservedStage.Failed, "somebody has resumed it"));
}
