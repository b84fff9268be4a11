using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Cluster;
using k8s.Autorest;

namespace AlertResponder.Remediation.Actions.Remove;

/// <summary>Takes one object away, if it is still the same one. Its uid is what makes that happen once; there is no undo.</summary>
internal abstract class Removal(string kind, string targetKind, string title) : IChange
{
    public string Kind { get; } = kind;

    public RiskClass Risk => RiskClass.Destructive;

    public IReadOnlyList<string> TargetKinds { get; } = [targetKind];

    public abstract IReadOnlyList<ActionPermission> Permissions(string targetKind);

    public async Task<Preparation> PrepareAsync(Situation situation, ActionTools tools, CancellationToken cancellationToken)
    {
        if (await tools.Cluster.ReadAsync(situation.Target, cancellationToken) is not { } live || live.TextAt("/metadata/deletionTimestamp") is not null)
        {
            return Preparation.Not($"{situation.Target} is gone");
        }

        var uid = live.TextAt("/metadata/uid")!;
        if (situation.Target.Uid is { } seen && seen != uid)
        {
            return Preparation.Not($"{situation.Target} is not the one that was seen");
        }

        var target = situation.Target with { Container = null, Uid = uid };
        try
        {
            await RemoveAsync(target, uid, tools.Cluster, dryRun: true, cancellationToken);
        }
        catch (HttpOperationException e) when (e.IsImpossible())
        {
            return Preparation.Not(e.Why());
        }

        return Preparation.Of(new Draft(target, new Dictionary<string, string>(StringComparer.Ordinal), $"{title} {target.Name}")
        {
            Diff = [$"{target.Kind} {target.Namespace}/{target.Name}: exists → none"],
            Caution = live.ObjectsAt("/metadata/ownerReferences").Any() ? null : "Nothing makes it again.",
            PreconditionJson = StoredJson.Write(uid),
            Basis = uid,
        });
    }

    public async Task<Carried> ExecuteAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var (target, uid) = (proposal.Action().Target, StoredJson.Read<string>(proposal.PreconditionJson!));
        try
        {
            await RemoveAsync(target, uid, tools.Cluster, dryRun: false, cancellationToken);
            return new Carried(CarriedAs.Applied, "done");
        }
        catch (HttpOperationException e) when (e.IsNotFound() || e.IsConflict())
        {
            // Nobody can tell any more whether it was us, whose answer was lost, or somebody else.
            return new Carried(CarriedAs.Applied, $"{target} is gone");
        }
        catch (HttpOperationException e) when (e.IsRefusal())
        {
            return new Carried(CarriedAs.Refused, e.Why());
        }
    }

    public Task<Carried> UndoAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{Kind} cannot be undone.");

    public async Task<bool> IsDoneAsync(Proposal proposal, bool undone, ActionTools tools, CancellationToken cancellationToken) =>
        (await ObserveAsync(proposal, tools, cancellationToken)).Stage == ObservedStage.Complete;

    public async Task<Observation> ObserveAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var target = proposal.Action().Target;
        var live = await tools.Cluster.ReadAsync(target, cancellationToken);
        return live is null || live.TextAt("/metadata/uid") != target.Uid
            ? new Observation(ObservedStage.Complete, "gone")
            : new Observation(ObservedStage.Moving, "ending");
    }

    protected abstract Task RemoveAsync(ObjectReference target, string uid, ClusterObjects cluster, bool dryRun, CancellationToken cancellationToken);
}
