namespace AlertResponder.Incidents;

/// <summary>When an incident that makes no progress is driven again.</summary>
public static class StallRule
{
    /// <summary>How long a stage may take before its input is sent to it again.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(60);

    private const int MostDoublings = 5;

    /// <summary>The wait before the next drive after <paramref name="drives"/> without progress: doubles up to 32 minutes.</summary>
    public static TimeSpan Wait(int drives) => StalledAfter * Math.Pow(2, Math.Clamp(drives, 0, MostDoublings));
}
