namespace SlackNet.Interaction;

/// <summary>What holds the thing that was clicked.</summary>
public sealed class Container
{
    public string MessageTs { get; set; }

    public string ChannelId { get; set; }

    /// <summary>Whether only the person who clicked sees the message.</summary>
    public bool IsEphemeral { get; set; }

    /// <summary>The message that its thread hangs on; null outside a thread.</summary>
    public string ThreadTs { get; set; }
}
