using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Cluster;
using k8s.Autorest;

namespace AlertResponder.Remediation.Actions.Read;

/// <summary>An action that only looks at one object; its answer goes to the thread.</summary>
internal abstract class Reading(string kind) : IReading
{
    public string Kind { get; } = kind;

    public RiskClass Risk => RiskClass.ReadOnly;

    public abstract IReadOnlyList<string> TargetKinds { get; }

    public abstract IReadOnlyList<ActionPermission> Permissions(string targetKind);

    public Task<Preparation> PrepareAsync(Situation situation, ActionTools tools, CancellationToken cancellationToken)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (IsOfContainer && (situation.Parameter(ActionParameters.Container) ?? situation.Target.Container) is { } container && ObjectNames.IsValid(container))
        {
            parameters[ActionParameters.Container] = container;
        }

        return Task.FromResult(Preparation.Of(new Draft(situation.Target with { Container = null }, parameters, Title(situation.Target, parameters.GetValueOrDefault(ActionParameters.Container)))));
    }

    public async Task<Reply> ReadAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var action = proposal.Action();
        try
        {
            var text = await ReadAsync(action.Target, action.Parameters.GetValueOrDefault(ActionParameters.Container), tools.Cluster, cancellationToken);
            return new Reply(proposal.Title, text.Length == 0 ? "(nothing)" : text);
        }
        catch (HttpOperationException e) when (e.IsRefusal() || e.IsNotFound())
        {
            return new Reply(proposal.Title, $"(not readable: {e.Why()})");
        }
    }

    /// <summary>Whether it is about one container.</summary>
    protected virtual bool IsOfContainer => false;

    protected abstract string Title(ObjectReference target, string? container);

    protected abstract Task<string> ReadAsync(ObjectReference target, string? container, ClusterObjects cluster, CancellationToken cancellationToken);
}
