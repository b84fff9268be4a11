namespace AlertResponder.Incidents;

/// <summary>The last time that a channel could not be posted to: one for all processes, so that people are told of it once.</summary>
public sealed class ChannelOutage
{
    public const int MaxName = 200;

    /// <summary>The channel's id.</summary>
    public required string Channel { get; init; }

    /// <summary>The board's error code, as of the last refusal.</summary>
    public required string Error { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>When the channel was posted to again; null while it refuses.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When people were told of it elsewhere; null before.</summary>
    public DateTimeOffset? ToldAt { get; set; }

    /// <summary>When it is tried again to post there.</summary>
    public DateTimeOffset TryAt { get; set; }

    /// <summary>Until when one worker alone may tell people of it. A past time means that it stopped between posting and recording.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }
}
