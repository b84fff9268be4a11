using AlertResponder.Contracts;

namespace AlertResponder.Remediation.Actions;

/// <summary>What an action is suggested for.</summary>
/// <param name="Action">As analysis suggests it. Of its parameters only those that the action knows are read, and each is checked.</param>
/// <param name="Evidence">What was seen.</param>
internal sealed record Situation(SuggestedAction Action, IReadOnlyList<Evidence> Evidence)
{
    /// <summary>The incident's alerts that fire.</summary>
    public IReadOnlyList<Alert> Alerts { get; init; } = [];

    /// <summary>Alertmanager's address as the webhook stated it.</summary>
    public string? ExternalUrl { get; init; }

    public ObjectReference Target => Action.Target;

    /// <summary>The action's parameter; null when it has none by this name.</summary>
    public string? Parameter(string name) => Action.Parameters.GetValueOrDefault(name);
}
