namespace AlertResponder.Remediation;

/// <summary>Section <c>Remediation</c>. Nothing is changed in a cluster unless it is opted in here.</summary>
public sealed class RemediationOptions
{
    /// <summary>Off by default.</summary>
    public bool Enabled { get; set; }

    /// <summary>The namespaces in which actions may be proposed; none by default.</summary>
    public IList<string> Namespaces { get; } = [];

    /// <summary>Who may approve; none by default.</summary>
    public IList<string> Approvers { get; } = [];
}
