namespace AlertResponder.Incidents;

/// <summary>When an incident that makes no progress is driven again.</summary>
public static class StallRule
{
    /// <summary>How long a stage may take before its input is sent to it again.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long an analysis may keep a first message waiting. Then it is drawn from the alert alone, whatever the stages wait for or fail at: with
    /// the watchdog's interval and the posting itself Slack still hears within a minute. The deadlines of enrichment and analysis together are no longer.
    /// </summary>
    public static readonly TimeSpan AloneAfter = TimeSpan.FromSeconds(45);

    private const int MostDoublings = 5;

    /// <summary>When an incident that made progress at <paramref name="now"/> is looked at again. What has no message yet waits no longer for its progress.</summary>
    /// <param name="incident">As it was before.</param>
    /// <param name="now">When it made progress.</param>
    public static DateTimeOffset Next(Incident incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return incident is { DrawnVersion: 0, Drives: 0 } ? incident.DriveAt : now + StalledAfter;
    }

    /// <summary>The wait before the next drive after <paramref name="drives"/> without progress: doubles up to 32 minutes.</summary>
    public static TimeSpan Wait(int drives) => StalledAfter * Math.Pow(2, Math.Clamp(drives, 0, MostDoublings));
}
