using AlertResponder.Remediation.Actions;

namespace AlertResponder.Remediation;

/// <summary>What the service account needs for the actions of the catalogue: to preview, carry out, verify and undo them.</summary>
public static class ActionPermissions
{
    /// <summary>By the action's name, for all kinds of objects that it is for.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ActionPermission>> ByAction { get; } = ActionCatalogue.All.ToDictionary(
        action => action.Kind,
        IReadOnlyList<ActionPermission> (action) => [.. action.TargetKinds.SelectMany(action.Permissions).Distinct()],
        StringComparer.Ordinal);

    /// <summary>Of those for nodes, by the action's name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ActionPermission>> OfNodes { get; } = ActionCatalogue.All
        .Where(action => action.TargetKinds.Contains("Node", StringComparer.Ordinal))
        .ToDictionary(action => action.Kind, action => action.Permissions("Node"), StringComparer.Ordinal);
}
