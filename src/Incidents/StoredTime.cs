namespace AlertResponder.Incidents;

/// <summary>Times as every store keeps them exactly: what is written compares equal when it is read back.</summary>
public static class StoredTime
{
    /// <summary>The time in whole microseconds, cut.</summary>
    public static DateTimeOffset InMicroseconds(this DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
