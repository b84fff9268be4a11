using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Has all pods made anew, a few at a time, as <c>kubectl rollout restart</c> does. There is nothing to undo.</summary>
internal sealed class RestartWorkload() : ObjectChange("restart-workload")
{
    private const string RestartedAt = "kubectl.kubernetes.io~1restartedAt";

    public override IReadOnlyList<string> TargetKinds => PodTemplate.RolledOut;

    protected override bool CanBeUndone => false;

    protected override Task<Plan> PlanAsync(JsonObject live, Situation situation, ActionTools tools, CancellationToken cancellationToken)
    {
        if (live.IsTrueAt("/spec/paused"))
        {
            return Task.FromResult(Plan.Not("its rollout is paused"));
        }

        var now = tools.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return Task.FromResult(Plan.Set($"Restart {situation.Target.Name}", live, $"/spec/template/metadata/annotations/{RestartedAt}", JsonValue.Create(now)));
    }
}
