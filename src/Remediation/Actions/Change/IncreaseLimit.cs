using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Raises a container's limit to the next usual size.</summary>
internal abstract class IncreaseLimit(string kind, string resource, string label) : ObjectChange(kind)
{
    public override IReadOnlyList<string> TargetKinds => PodTemplate.Kinds;

    protected abstract string Cap(RemediationOptions options);

    /// <summary>The fact with what a container uses.</summary>
    protected abstract string UsedFact { get; }

    /// <summary>The fact with what a node has to give.</summary>
    protected abstract string AllocatableFact { get; }

    protected override Task<Plan> PlanAsync(JsonObject live, Situation situation, ActionTools tools, CancellationToken cancellationToken) =>
        Task.FromResult(PlanOf(live, situation, tools.Options));

    private Plan PlanOf(JsonObject live, Situation situation, RemediationOptions options)
    {
        if (situation.Parameter(ActionParameters.Container) is not { } container
            || PodTemplate.PathOfContainer(live, situation.Target.Kind, container) is not { } path)
        {
            return Plan.Not("there is no such container");
        }

        var limit = $"{path}/resources/limits/{resource}";
        if (!ResourceSize.TryParse(live.TextAt(limit), out var current))
        {
            return Plan.Not("the container has no such limit");
        }

        if (!ResourceSize.TryParse(situation.Parameter(ActionParameters.CurrentLimit), out var seen) || seen != current)
        {
            return Plan.Not("the limit has changed since it was diagnosed");
        }

        var caps = Amounts(situation, EvidenceKind.Node, AllocatableFact, _ => true);
        caps.AddRange(ResourceSize.TryParse(Cap(options), out var cap) ? [cap] : []);
        var peaks = Amounts(situation, EvidenceKind.Usage, UsedFact, source => source.Container == container);
        if (ResourceSize.Next(resource, current, peaks.Count == 0 ? null : peaks.Max(), caps) is not { } next)
        {
            return Plan.Not("there is no larger size up to what is configured and the node has");
        }

        return Plan.Set($"Increase {label} limit of {container} to {next}", live, limit, JsonValue.Create(next)) with
        {
            Guards = [new FieldValue($"{path}/name", JsonValue.Create(container))],
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [ActionParameters.Container] = container,
                [ActionParameters.CurrentLimit] = live.TextAt(limit)!,
                [ActionParameters.Limit] = next,
            },
        };
    }

    private static List<decimal> Amounts(Situation situation, EvidenceKind kind, string fact, Func<ObjectReference, bool> isOf) =>
    [
        .. situation.Evidence.Where(item => item.Kind == kind && isOf(item.Source))
            .Select(item => ResourceSize.TryParse(item.Facts.GetValueOrDefault(fact), out var amount) ? amount : (decimal?)null)
            .OfType<decimal>(),
    ];
}
