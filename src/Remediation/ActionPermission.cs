namespace AlertResponder.Remediation;

/// <summary>A right in the cluster.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">Plural, with the subresource behind a slash: <c>pods/log</c>.</param>
/// <param name="Verb">Such as <c>patch</c>.</param>
/// <param name="ClusterScoped">Whether its objects are in no namespace.</param>
public sealed record ActionPermission(string Group, string Resource, string Verb, bool ClusterScoped = false)
{
    /// <summary><c>patch deployments.apps</c>.</summary>
    public override string ToString() => Group.Length == 0 ? $"{Verb} {Resource}" : $"{Verb} {Resource}.{Group}";
}
