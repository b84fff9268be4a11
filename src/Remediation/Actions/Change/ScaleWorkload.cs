using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Changes the number of replicas: to the parameter <c>replicas</c>, not below one and not above double.</summary>
internal sealed class ScaleWorkload() : ObjectChange("scale-workload")
{
    private const string Replicas = "/spec/replicas";

    public override IReadOnlyList<string> TargetKinds { get; } = ["Deployment", "StatefulSet"];

    public override IReadOnlyList<ActionPermission> Permissions(string targetKind) =>
        [.. base.Permissions(targetKind), ObjectType.Of("HorizontalPodAutoscaler").May("list")];

    protected override async Task<Plan> PlanAsync(JsonObject live, Situation situation, ActionTools tools, CancellationToken cancellationToken)
    {
        var present = live.NumberAt(Replicas) ?? 1;
        if (!int.TryParse(situation.Parameter(ActionParameters.Replicas), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
            || wanted < 1 || wanted > Math.Max(2, 2 * present) || wanted == present)
        {
            return Plan.Not("that is no number of replicas to scale to");
        }

        var autoscalers = await tools.Cluster.ListAsync("HorizontalPodAutoscaler", situation.Target.Namespace!, cancellationToken);
        if (autoscalers.FirstOrDefault(scaler => IsOf(scaler, situation.Target)) is { } autoscaler)
        {
            return Plan.Not($"HorizontalPodAutoscaler {autoscaler.TextAt("/metadata/name")} decides how many replicas there are");
        }

        var text = wanted.ToString(CultureInfo.InvariantCulture);
        return Plan.Set($"Scale {situation.Target.Name} from {present} to {text} replicas", live, Replicas, JsonValue.Create(wanted)) with
        {
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { [ActionParameters.Replicas] = text },
        };
    }

    private static bool IsOf(JsonObject autoscaler, ObjectReference target) =>
        autoscaler.TextAt("/spec/scaleTargetRef/kind") == target.Kind && autoscaler.TextAt("/spec/scaleTargetRef/name") == target.Name;
}
