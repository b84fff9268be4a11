namespace AlertResponder.Resilience;

/// <summary>The upstream's breaker is open: nothing was sent.</summary>
public sealed class UpstreamPausedException(string upstream, DateTimeOffset pausedUntil)
    : Exception($"{upstream} is paused until {pausedUntil:HH:mm:ss} UTC")
{
    /// <summary>The upstream's name, one of <see cref="UpstreamNames"/>.</summary>
    public string Upstream { get; } = upstream;

    /// <summary>When a call is tried again, UTC.</summary>
    public DateTimeOffset PausedUntil { get; } = pausedUntil;
}
