using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Cluster;
using AlertResponder.Remediation.Policy;

namespace AlertResponder.Remediation.Proposals;

/// <summary>Which of the suggested actions may become proposals. Pure.</summary>
internal static class ProposalRule
{
    /// <summary>More are no help at two in the morning.</summary>
    public const int MostProposals = 8;

    private const int MostTries = 2;

    /// <summary>Best first.</summary>
    public static IReadOnlyList<SuggestedAction> Candidates(Incident incident, AnalysisCompleted analysis, RemediationOptions options) =>
        !options.Enabled || incident.ResolvedAt is not null || analysis.Diagnosis.Severity == Severity.Info || !OptIn.IsOfCluster(incident.Subject(), options)
            ? []
            :
            [
                .. analysis.SuggestedActions
                    .Where(action => ActionCatalogue.Find(action.Kind) is { } known
                        && known.TargetKinds.Contains(action.Target.Kind, StringComparer.Ordinal)
                        && ObjectNames.AreValid(action.Target)
                        && OptIn.Missing(action.Target, options) is null
                        && (known.Risk == RiskClass.ReadOnly || IsOfSubject(action.Target, incident)))
                    .DistinctBy(Identity)
                    .Take(MostProposals),
            ];

    /// <summary>Whether the same was done to the same twice and did not help.</summary>
    public static bool IsTriedOut(SuggestedAction action, IEnumerable<SuggestedAction> ineffective) =>
        ineffective.Count(tried => Identity(tried) == Identity(action)) >= MostTries;

    /// <summary>What makes an action the same: an increased limit may be increased again, and is.</summary>
    public static (string Kind, string Target, string? Container) Identity(SuggestedAction action) =>
        (action.Kind, (action.Target with { Container = null, Uid = null }).ToString(), action.Parameters.GetValueOrDefault(ActionParameters.Container) ?? action.Target.Container);

    private static bool IsOfSubject(ObjectReference target, Incident incident) =>
        target.Namespace is null || incident.SubjectNamespace is null || target.Namespace == incident.SubjectNamespace;
}
