using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>One pod as its status shows it.</summary>
internal sealed record PodState(Evidence Evidence)
{
    public string Id => Evidence.Id;

    public string Name => Evidence.Source.Name;

    public string? Namespace => Evidence.Source.Namespace;

    public string? Phase => Evidence.Fact(FactNames.Phase);

    public string? Node => Evidence.Fact(FactNames.Node);

    public string? Reason => Evidence.Fact(FactNames.Reason);

    public string? Message => Evidence.Fact(FactNames.Message);

    /// <summary>The scheduler looked for a node and found none.</summary>
    public bool IsUnscheduled =>
        Evidence.Flag(FactNames.Scheduled) is { } scheduled ? !scheduled : Phase == "Pending" && Node is null;
}
