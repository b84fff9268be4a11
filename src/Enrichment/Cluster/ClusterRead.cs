namespace AlertResponder.Enrichment.Cluster;

/// <summary>How a read of the cluster ended: an object, the certainty that there is none, or neither.</summary>
/// <param name="Value">The object; null when it was not found or could not be read.</param>
/// <param name="NotFound">The API server says there is no such object.</param>
internal readonly record struct ClusterRead<T>(T? Value, bool NotFound)
    where T : class
{
    public bool Unreadable => Value is null && !NotFound;
}
