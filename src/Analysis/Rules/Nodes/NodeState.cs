using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Nodes;

/// <summary>One node as its status shows it.</summary>
internal sealed record NodeState(Evidence Evidence)
{
    public string Id => Evidence.Id;

    public string Name => Evidence.Source.Name;

    /// <summary>The Ready condition is false or, when the kubelet went silent, unknown.</summary>
    public bool IsNotReady =>
        Evidence.Fact(FactNames.Ready) is { } ready && !ready.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The kubelet went silent: what runs there can no longer be seen.</summary>
    public bool IsUnreachable => IsNotReady
        && (Evidence.Fact(FactNames.ReadyStatus) == "Unknown" || Evidence.Fact(FactNames.Ready) == "unknown" || Evidence.Fact(FactNames.Reason) == "NodeStatusUnknown");

    public bool IsCordoned => Evidence.Flag(FactNames.Unschedulable) == true;

    public string? Message => Evidence.Fact(FactNames.Message);

    /// <summary>What it is short of, in words.</summary>
    public IReadOnlyList<string> Pressures =>
    [
        .. new[]
        {
            (FactNames.MemoryPressure, "memory"),
            (FactNames.DiskPressure, "disk"),
            (FactNames.PidPressure, "process ids"),
        }.Where(pressure => Evidence.Flag(pressure.Item1) == true).Select(pressure => pressure.Item2),
    ];

    /// <summary>Its network is not set up.</summary>
    public bool IsCutOff => Evidence.Flag(FactNames.NetworkUnavailable) == true;

    /// <summary>What a problem detector found, such as <c>KernelDeadlock: task blocked</c>; null for nothing.</summary>
    public string? Problems => Evidence.Fact(FactNames.Problems);

    public bool IsHealthy => !IsNotReady && !IsCutOff && Pressures.Count == 0 && Problems is null;
}
