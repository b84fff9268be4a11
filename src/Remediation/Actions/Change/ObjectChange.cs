using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Cluster;
using k8s.Autorest;

namespace AlertResponder.Remediation.Actions.Change;

/// <summary>
/// An action that changes fields of one object: previewed by the server's dry run of the very patch, carried out only while these fields
/// are what they were then, stamped with the proposal, undone by what they were.
/// </summary>
internal abstract class ObjectChange(string kind) : IChange
{
    // Controllers write the status beside us; each try reads the object again.
    private const int Tries = 8;

    public string Kind { get; } = kind;

    public virtual RiskClass Risk => RiskClass.Reversible;

    public abstract IReadOnlyList<string> TargetKinds { get; }

    protected virtual bool CanBeUndone => true;

    public virtual IReadOnlyList<ActionPermission> Permissions(string targetKind)
    {
        var type = ObjectType.Of(targetKind);
        return targetKind == "CronJob" ? [type.May("get"), type.May("patch"), ObjectType.Of("Job").May("list")] : [type.May("get"), type.May("patch")];
    }

    public async Task<Preparation> PrepareAsync(Situation situation, ActionTools tools, CancellationToken cancellationToken)
    {
        if (await tools.Cluster.ReadAsync(situation.Target, cancellationToken) is not { } live)
        {
            return Preparation.Not($"{situation.Target} does not exist");
        }

        if (situation.Target.Uid is { } uid && uid != live.TextAt("/metadata/uid"))
        {
            return Preparation.Not($"{situation.Target} is not the one that was seen");
        }

        var plan = await PlanAsync(live, situation, tools, cancellationToken);
        if (plan.Refusal is { } refusal)
        {
            return Preparation.Not(refusal);
        }

        var edit = new ObjectEdit(live.TextAt("/metadata/uid") ?? "", ObjectEdit.StampOf(live), plan.Guards, plan.Edits);
        var (after, why) = await TryOutAsync(situation.Target, edit, live, tools, cancellationToken);
        if (after is null)
        {
            return Preparation.Not(why!);
        }

        var diff = ObjectDiff.Between(live, after);
        if (diff.Count == 0)
        {
            return Preparation.Not("it would change nothing");
        }

        return Preparation.Of(new Draft(situation.Target with { Container = null, Uid = edit.Uid }, plan.Parameters, plan.Title)
        {
            Diff = diff,
            Caution = Keepers.Caution(live),
            PreconditionJson = StoredJson.Write(edit),
            Basis = StoredJson.Write(edit with { Edits = [.. edit.Edits.Select(field => field with { To = null })] }),
            Undo = CanBeUndone ? id => StoredJson.Write(edit.Reversed(Stamp(id))) : null,
        });
    }

    public Task<Carried> ExecuteAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken) =>
        ChangeAsync(proposal, proposal.PreconditionJson!, Stamp(proposal.Id), tools, cancellationToken);

    public Task<Carried> UndoAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken) =>
        ChangeAsync(proposal, proposal.UndoJson!, UndoneStamp(proposal.Id), tools, cancellationToken);

    public async Task<bool> IsDoneAsync(Proposal proposal, bool undone, ActionTools tools, CancellationToken cancellationToken) =>
        await tools.Cluster.ReadAsync(proposal.Action().Target, cancellationToken) is { } live
        && ObjectEdit.StampOf(live) == (undone ? UndoneStamp(proposal.Id) : Stamp(proposal.Id));

    public async Task<Observation> ObserveAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var target = proposal.Action().Target;
        return await tools.Cluster.ReadAsync(target, cancellationToken) is { } live
            ? await ObserveAsync(live, proposal, tools, cancellationToken)
            : new Observation(ObservedStage.Failed, $"{target} is gone");
    }

    /// <summary>What would be changed in the object as it is now.</summary>
    protected abstract Task<Plan> PlanAsync(JsonObject live, Situation situation, ActionTools tools, CancellationToken cancellationToken);

    protected virtual Task<Observation> ObserveAsync(JsonObject live, Proposal proposal, ActionTools tools, CancellationToken cancellationToken) =>
        Rollout.ObserveAsync(live, proposal, tools, cancellationToken);

    private static string Stamp(Guid id) => id.ToString("D");

    private static string UndoneStamp(Guid id) => $"{Stamp(id)}-undone";

    private static async Task<(JsonObject? After, string? Refusal)> TryOutAsync(
        ObjectReference target, ObjectEdit edit, JsonObject live, ActionTools tools, CancellationToken cancellationToken)
    {
        for (var tries = Tries; ; tries--)
        {
            try
            {
                return (await tools.Cluster.PatchAsync(target, edit.Patch(live, "dry-run"), dryRun: true, cancellationToken), null);
            }
            catch (HttpOperationException e) when (e.IsConflict() && tries > 1)
            {
                live = await tools.Cluster.ReadAsync(target, cancellationToken) ?? live;
            }
            catch (HttpOperationException e) when (e.IsImpossible())
            {
                return (null, e.Why());
            }
        }
    }

    private static async Task<Carried> ChangeAsync(Proposal proposal, string editJson, string stamp, ActionTools tools, CancellationToken cancellationToken)
    {
        var target = proposal.Action().Target;
        var edit = StoredJson.Read<ObjectEdit>(editJson);
        for (var tries = Tries; ; tries--)
        {
            var live = await tools.Cluster.ReadAsync(target, cancellationToken);
            if (live is not null && ObjectEdit.StampOf(live) == stamp && live.TextAt("/metadata/uid") == edit.Uid)
            {
                return new Carried(CarriedAs.Applied, "done");
            }

            if ((live is null ? "it is gone" : edit.Violation(live)) is { } violation)
            {
                return new Carried(CarriedAs.Stale, $"{target} is no longer what the proposal was made from: {violation}");
            }

            try
            {
                await tools.Cluster.PatchAsync(target, edit.Patch(live!, stamp), dryRun: false, cancellationToken);
                return new Carried(CarriedAs.Applied, "done");
            }
            catch (HttpOperationException e) when ((e.IsConflict() || e.IsNotFound()) && tries > 1)
            {
                // Somebody was faster, maybe ourselves, whose answer was lost.
            }
            catch (HttpOperationException e) when (e.IsRefusal())
            {
                return new Carried(CarriedAs.Refused, e.Why());
            }
        }
    }
}
