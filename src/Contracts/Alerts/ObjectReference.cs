namespace AlertResponder.Contracts;

/// <summary>Where a piece of evidence comes from, or what an action is aimed at.</summary>
/// <param name="Kind">Kubernetes kind, or <c>Alert</c>.</param>
/// <param name="Namespace">Null for cluster-scoped kinds.</param>
/// <param name="Name">Object name.</param>
/// <param name="Container">The container within a pod, if it is about one.</param>
/// <param name="Uid">The object's UID, where known: the precondition of an action.</param>
public sealed record ObjectReference(string Kind, string? Namespace, string Name, string? Container = null, string? Uid = null)
{
    /// <summary><c>Pod cardboard/price-scraper-28487520-2n78x (scraper)</c>.</summary>
    public override string ToString()
    {
        var name = Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
        return Container is null ? name : $"{name} ({Container})";
    }
}
