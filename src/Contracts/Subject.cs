namespace AlertResponder.Contracts;

/// <summary>The thing that is sick. One incident at most is open per subject.</summary>
/// <param name="Kind">Kubernetes kind (<c>Deployment</c>, <c>CronJob</c>, <c>Node</c>), or <c>Alert</c> when nothing better is known.</param>
/// <param name="Namespace">Null for cluster-scoped kinds.</param>
/// <param name="Name">Object name; for kind <c>Alert</c> the alert name and its identifying labels.</param>
public sealed record Subject(string Kind, string? Namespace, string Name)
{
    /// <summary>The kind for what no Kubernetes object could be found.</summary>
    public const string AlertKind = "Alert";

    /// <summary><c>CronJob cardboard/price-scraper</c>, <c>Node k3s-agent-2</c>.</summary>
    public override string ToString() => Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
