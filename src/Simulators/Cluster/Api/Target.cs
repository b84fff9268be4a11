namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>What a request is about.</summary>
/// <param name="Type">The kind of the object.</param>
/// <param name="Namespace">Null for cluster-scoped kinds, and for lists over all namespaces.</param>
/// <param name="Name">Null for a whole collection.</param>
/// <param name="Subresource">Null for the object itself.</param>
internal sealed record Target(ResourceType Type, string? Namespace, string? Name, string? Subresource);
