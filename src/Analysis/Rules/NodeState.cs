using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>One node as its status shows it.</summary>
internal sealed record NodeState(Evidence Evidence)
{
    public string Id => Evidence.Id;

    public string Name => Evidence.Source.Name;

    /// <summary>The Ready condition is false or, when the kubelet went silent, unknown.</summary>
    public bool IsNotReady =>
        Evidence.Fact(FactNames.Ready) is { } ready && !ready.Equals("true", StringComparison.OrdinalIgnoreCase);

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

    public bool IsHealthy => !IsNotReady && Pressures.Count == 0;
}
