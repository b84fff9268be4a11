using AlertResponder.Contracts;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Remediation.Policy;

/// <summary>What is opted in. Pure.</summary>
internal static class OptIn
{
    /// <summary>Why nothing is done to the object, and what to do; null when it may be.</summary>
    public static string? Missing(ObjectReference target, RemediationOptions options) => target switch
    {
        // Nothing changes in the cluster.
        { Kind: Subject.AlertKind } => null,
        { Kind: "Node" } => options.Nodes ? null : "actions on nodes are not opted in. Set Remediation:Nodes",
        { Namespace: { } @namespace } => options.Namespaces.Contains(@namespace, StringComparer.Ordinal)
            ? null
            : $"the namespace {@namespace} is not opted in. Add it to Remediation:Namespaces",
        _ => $"{target} is in no namespace",
    };

    /// <summary>Whether the incident is of the cluster that we are connected to.</summary>
    public static bool IsOfCluster(Subject subject, RemediationOptions options) => subject.Cluster is null || subject.Cluster == options.Cluster;
}
