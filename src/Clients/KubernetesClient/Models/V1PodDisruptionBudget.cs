namespace k8s.Models;

/// <summary>How many of some pods may be evicted.</summary>
public sealed record V1PodDisruptionBudget : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public V1PodDisruptionBudgetSpec Spec { get; set; }
    public V1PodDisruptionBudgetStatus Status { get; set; }
}

/// <summary>One page of disruption budgets.</summary>
public sealed record V1PodDisruptionBudgetList : IKubernetesObject<V1ListMeta>, IItems<V1PodDisruptionBudget>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }
    public required IList<V1PodDisruptionBudget> Items { get; set; }
}

/// <summary>One of the two, a number of pods or a percentage.</summary>
public sealed record V1PodDisruptionBudgetSpec
{
    /// <summary>The pods it is about; null: none.</summary>
    public V1LabelSelector Selector { get; set; }
    public IntOrString MinAvailable { get; set; }
    public IntOrString MaxUnavailable { get; set; }
    public string UnhealthyPodEvictionPolicy { get; set; }
}

/// <summary>How it is.</summary>
public sealed record V1PodDisruptionBudgetStatus
{
    /// <summary>An eviction is refused with 429 when it is 0.</summary>
    public required int DisruptionsAllowed { get; set; }
    public required int CurrentHealthy { get; set; }
    public required int DesiredHealthy { get; set; }
    public required int ExpectedPods { get; set; }
    public long? ObservedGeneration { get; set; }

    /// <summary>Pods on their way out, by name, since when.</summary>
    public IDictionary<string, DateTime?> DisruptedPods { get; set; }
    public IList<V1Condition> Conditions { get; set; }
}
