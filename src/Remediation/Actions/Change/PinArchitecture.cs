using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Has the pods run on nodes of one architecture only.</summary>
internal sealed class PinArchitecture() : ObjectChange("pin-architecture")
{
    private static readonly string[] Known = ["amd64", "arm64", "arm", "ppc64le", "s390x", "riscv64", "386"];

    public override IReadOnlyList<string> TargetKinds => PodTemplate.Kinds;

    protected override Task<Plan> PlanAsync(JsonObject live, Situation situation, ActionTools tools, CancellationToken cancellationToken)
    {
        // Of a node that was seen, or the pods would never run.
        var architecture = situation.Parameter(ActionParameters.Architecture);
        var isSeen = situation.Evidence.Any(item => item.Kind == EvidenceKind.Node && item.Facts.GetValueOrDefault(FactNames.Architecture) == architecture);
        return Task.FromResult(!Known.Contains(architecture, StringComparer.Ordinal) || !isSeen
            ? Plan.Not("no node of that architecture was seen")
            : Plan.Set(
                $"Run {situation.Target.Name} on {architecture} nodes only",
                live,
                $"{PodTemplate.PathOf(situation.Target.Kind)}/spec/nodeSelector/kubernetes.io~1arch",
                JsonValue.Create(architecture)) with
            {
                Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { [ActionParameters.Architecture] = architecture! },
            });
    }
}
