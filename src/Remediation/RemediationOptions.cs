using AlertResponder.Remediation.Policy;

namespace AlertResponder.Remediation;

/// <summary>Section <c>Remediation</c>. Nothing is changed in a cluster unless it is opted in here.</summary>
public sealed class RemediationOptions
{
    /// <summary>Off by default.</summary>
    public bool Enabled { get; set; }

    /// <summary>The namespaces in which actions may be proposed; none by default.</summary>
    public IList<string> Namespaces { get; } = [];

    /// <summary>Whether actions on nodes may be proposed, which belong to no namespace.</summary>
    public bool Nodes { get; set; }

    /// <summary>As <c>Kubernetes:ClusterName</c>, whose value it takes on where it has none; incidents of others get no proposals.</summary>
    public string? Cluster { get; set; }

    /// <summary>Who may approve; none by default, so that nothing can be executed.</summary>
    public IList<ApproverOptions> Approvers { get; } = [];

    /// <summary>Whether a second person must approve what ends or removes something.</summary>
    public bool TwoPersonRule { get; set; }

    /// <summary>After this a proposal is refused and made anew.</summary>
    public int ExpiryMinutes { get; set; } = 30;

    /// <summary>An action that has not helped by then is ineffective.</summary>
    public int VerifyMinutes { get; set; } = 15;

    /// <summary>No memory limit is raised beyond it.</summary>
    public string MaxMemory { get; set; } = "4Gi";

    /// <summary>No CPU limit is raised beyond it.</summary>
    public string MaxCpu { get; set; } = "4";
}
