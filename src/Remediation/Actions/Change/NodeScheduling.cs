using System.Text.Json.Nodes;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Says whether new pods may come to a node.</summary>
internal abstract class NodeScheduling(string kind, bool cordon) : ObjectChange(kind)
{
    private const string Unschedulable = "/spec/unschedulable";

    public override IReadOnlyList<string> TargetKinds { get; } = ["Node"];

    protected override Task<Plan> PlanAsync(JsonObject live, Situation situation, ActionTools tools, CancellationToken cancellationToken) =>
        Task.FromResult(live.IsTrueAt(Unschedulable) == cordon
            ? Plan.Not(cordon ? "it is cordoned" : "it is not cordoned")
            : Plan.Set($"{(cordon ? "Cordon" : "Uncordon")} {situation.Target.Name}", live, Unschedulable, cordon ? JsonValue.Create(true) : null));

    protected override Task<Observation> ObserveAsync(JsonObject live, Proposal proposal, ActionTools tools, CancellationToken cancellationToken) =>
        Task.FromResult(live.IsTrueAt(Unschedulable) == cordon
            ? new Observation(ObservedStage.Complete, cordon ? "cordoned" : "uncordoned")
            : new Observation(ObservedStage.Failed, "somebody has changed it back"));
}
