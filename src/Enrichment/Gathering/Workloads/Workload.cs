using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>Something that makes pods.</summary>
/// <param name="Observation">The evidence of it.</param>
/// <param name="Metadata">Its own.</param>
/// <param name="Selector">Of its pods; null where it has them made by something else.</param>
/// <param name="LacksPods">Some of the pods that it wants have not even been made.</param>
internal sealed record Workload(Observation Observation, V1ObjectMeta Metadata, V1LabelSelector? Selector = null, bool LacksPods = false);
