using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Puts the pod template of the revision before the present one back, as <c>kubectl rollout undo</c> does.</summary>
internal sealed class RollBackWorkload() : ObjectChange("roll-back-workload")
{
    private const string Template = "/spec/template";
    private const string RevisionPath = "/metadata/annotations/deployment.kubernetes.io~1revision";
    private const string TemplateHash = "pod-template-hash";

    public override IReadOnlyList<string> TargetKinds => PodTemplate.RolledOut;

    public override IReadOnlyList<ActionPermission> Permissions(string targetKind) => [.. base.Permissions(targetKind), ObjectType.Of(RevisionsOf(targetKind)).May("list")];

    protected override async Task<Plan> PlanAsync(JsonObject live, Situation situation, ActionTools tools, CancellationToken cancellationToken)
    {
        var uid = live.TextAt("/metadata/uid");
        var kept = await tools.Cluster.ListAsync(RevisionsOf(situation.Target.Kind), situation.Target.Namespace!, cancellationToken);
        var revisions = kept.Where(revision => revision.ObjectsAt("/metadata/ownerReferences").Any(owner => owner.IsTrueAt("/controller") && owner.TextAt("/uid") == uid))
            .Select(Revision)
            .OrderByDescending(revision => revision.Number)
            .ToList();
        var present = live.At(Template);
        if (live.IsTrueAt("/spec/paused"))
        {
            return Plan.Not("its rollout is paused");
        }

        // What is the same but for who made it is no way back.
        if (revisions.Skip(1).FirstOrDefault(revision => revision.Template is { } template && !JsonNode.DeepEquals(Bare(template), Bare(present))) is not { Template: { } before } earlier)
        {
            return Plan.Not("there is no earlier revision");
        }

        var number = earlier.Number.ToString(CultureInfo.InvariantCulture);
        return Plan.Set($"Roll back {situation.Target.Name} to revision {number}", live, Template, Bare(before)) with
        {
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { [ActionParameters.Revision] = number },
        };
    }

    private static string RevisionsOf(string kind) => kind == "Deployment" ? "ReplicaSet" : "ControllerRevision";

    private static (long Number, JsonNode? Template) Revision(JsonObject kept) => kept.At("/data") is { } data
        ? (kept.NumberAt("/revision") ?? 0, WithoutDirective(data.At(Template)))
        : (kept.NumberAt(RevisionPath) ?? 0, kept.At(Template));

    private static JsonNode? WithoutDirective(JsonNode? template)
    {
        var copy = template?.DeepClone();
        (copy as JsonObject)?.Remove("$patch");
        return copy;
    }

    private static JsonNode? Bare(JsonNode? template)
    {
        var bare = template?.DeepClone();
        (bare.At("/metadata/labels") as JsonObject)?.Remove(TemplateHash);
        return bare;
    }
}
