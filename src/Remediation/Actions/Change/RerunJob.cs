using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions.Remove;
using AlertResponder.Remediation.Cluster;
using k8s.Autorest;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Makes a failed Job again under a name that the proposal gives it, so that there is one however often it is asked for.</summary>
internal sealed class RerunJob : IChange
{
    private const int LongestBase = 40;
    private static readonly string[] ControllersLabels = ["batch.kubernetes.io/controller-uid", "controller-uid", "batch.kubernetes.io/job-name", "job-name"];

    public string Kind => "rerun-job";

    public RiskClass Risk => RiskClass.Reversible;

    public IReadOnlyList<string> TargetKinds { get; } = ["Job"];

    public IReadOnlyList<ActionPermission> Permissions(string targetKind)
    {
        var type = ObjectType.Of("Job");
        return [type.May("get"), type.May("create")];
    }

    public async Task<Preparation> PrepareAsync(Situation situation, ActionTools tools, CancellationToken cancellationToken)
    {
        if (await tools.Cluster.ReadAsync(situation.Target, cancellationToken) is not { } live)
        {
            return Preparation.Not($"{situation.Target} does not exist");
        }

        var uid = live.TextAt("/metadata/uid")!;
        if ((situation.Target.Uid is { } seen && seen != uid) || !JobState.Is(live, "Failed"))
        {
            return Preparation.Not($"{situation.Target} has not failed, or is not the one that was seen");
        }

        try
        {
            await tools.Cluster.CreateJobAsync(Again(live, Guid.Empty), situation.Target.Namespace!, dryRun: true, cancellationToken);
        }
        catch (HttpOperationException e) when (e.IsImpossible())
        {
            return Preparation.Not(e.Why());
        }

        return Preparation.Of(new Draft(situation.Target with { Container = null, Uid = uid }, new Dictionary<string, string>(StringComparer.Ordinal), $"Run {situation.Target.Name} again")
        {
            Diff = [$"a new Job like {situation.Target.Name}: none → exists"],
            PreconditionJson = StoredJson.Write(uid),
            Basis = uid,
        });
    }

    public async Task<Carried> ExecuteAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var (target, uid) = (proposal.Action().Target, StoredJson.Read<string>(proposal.PreconditionJson!));
        if (await MadeAsync(proposal, tools, cancellationToken) is { } made)
        {
            return made;
        }

        if (await tools.Cluster.ReadAsync(target, cancellationToken) is not { } live || live.TextAt("/metadata/uid") != uid)
        {
            return new Carried(CarriedAs.Stale, $"{target} is gone");
        }

        try
        {
            await tools.Cluster.CreateJobAsync(Again(live, proposal.Id), target.Namespace!, dryRun: false, cancellationToken);
            return new Carried(CarriedAs.Applied, "done");
        }
        catch (HttpOperationException e) when (e.IsConflict())
        {
            return await MadeAsync(proposal, tools, cancellationToken) ?? new Carried(CarriedAs.Stale, e.Why());
        }
        catch (HttpOperationException e) when (e.IsRefusal())
        {
            return new Carried(CarriedAs.Refused, e.Why());
        }
    }

    public Task<Carried> UndoAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{Kind} cannot be undone.");

    public async Task<bool> IsDoneAsync(Proposal proposal, bool undone, ActionTools tools, CancellationToken cancellationToken) =>
        await MadeAsync(proposal, tools, cancellationToken) is { As: CarriedAs.Applied };

    public async Task<Observation> ObserveAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var name = Name(proposal.Action().Target.Name, proposal.Id);
        return await tools.Cluster.ReadAsync(proposal.Action().Target with { Name = name }, cancellationToken) switch
        {
            null => new Observation(ObservedStage.Failed, $"Job {name} is gone"),
            var job when JobState.Is(job, "Complete") => new Observation(ObservedStage.Complete, $"Job {name} succeeded"),
            var job when JobState.Is(job, "Failed") => new Observation(ObservedStage.Failed, $"Job {name} failed, too"),
            _ => new Observation(ObservedStage.Moving, $"Job {name} runs"),
        };
    }

    private static async Task<Carried?> MadeAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var target = proposal.Action().Target;
        var job = await tools.Cluster.ReadAsync(target with { Name = Name(target.Name, proposal.Id) }, cancellationToken);
        return job is null ? null
            : ObjectEdit.StampOf(job) == Stamp(proposal.Id) ? new Carried(CarriedAs.Applied, "done")
            : new Carried(CarriedAs.Stale, "there is another Job of the new one's name");
    }

    private static JsonObject Again(JsonObject job, Guid proposalId)
    {
        var spec = (JsonObject)job["spec"]!.DeepClone();
        spec.Remove("selector");
        spec.Remove("manualSelector");
        spec.Remove("suspend");
        var metadata = new JsonObject
        {
            ["name"] = Name(job.TextAt("/metadata/name")!, proposalId),
            ["namespace"] = job.At("/metadata/namespace")?.DeepClone(),
            ["labels"] = job.At("/metadata/labels")?.DeepClone(),
            ["annotations"] = new JsonObject { [ObjectEdit.StampAnnotation] = Stamp(proposalId) },
            ["ownerReferences"] = job.At("/metadata/ownerReferences")?.DeepClone(),
        };
        foreach (var labels in new[] { metadata["labels"], spec.At("/template/metadata/labels") }.OfType<JsonObject>())
        {
            foreach (var label in ControllersLabels)
            {
                labels.Remove(label);
            }
        }

        return new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["metadata"] = metadata, ["spec"] = spec };
    }

    private static string Stamp(Guid id) => id.ToString("D");

    // Pods are labelled with it: 63 characters at most.
    private static string Name(string original, Guid proposalId) =>
        $"{(original.Length <= LongestBase ? original : original[..LongestBase]).TrimEnd('-', '.')}-again-{proposalId.ToString("N")[..12]}";
}
