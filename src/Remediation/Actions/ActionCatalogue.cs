using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions.Change;
using AlertResponder.Remediation.Actions.Read;
using AlertResponder.Remediation.Actions.Remove;
using AlertResponder.Remediation.Silences;

namespace AlertResponder.Remediation.Actions;

/// <summary>All actions there are. What is not here cannot be done.</summary>
internal static class ActionCatalogue
{
    public static IReadOnlyList<ICatalogueAction> All { get; } =
    [
        new IncreaseMemoryLimit(),
        new IncreaseCpuLimit(),
        new PinArchitecture(),
        new RollBackWorkload(),
        new RestartWorkload(),
        new ScaleWorkload(),
        new DeletePod(),
        new RerunJob(),
        new DeleteJob(),
        new SuspendCronJob(),
        new CordonNode(),
        new UncordonNode(),
        new ViewLogs(),
        new ViewPreviousLogs(),
        new ViewEvents(),
        new Describe(),
        new SilenceAlerts(),
    ];

    private static readonly Dictionary<string, ICatalogueAction> ByKind = All.ToDictionary(action => action.Kind, StringComparer.Ordinal);

    /// <summary>Null when there is no such action.</summary>
    public static ICatalogueAction? Find(string kind) => ByKind.GetValueOrDefault(kind);

    /// <summary>The action that the proposal is of.</summary>
    public static SuggestedAction Action(this Proposal proposal) => StoredJson.Read<SuggestedAction>(proposal.ActionJson);

    /// <summary>Those that change something need a message, a policy and a watch of their own; the others only look.</summary>
    public static bool IsReading(this Proposal proposal) => proposal.Risk == RiskClass.ReadOnly;
}
