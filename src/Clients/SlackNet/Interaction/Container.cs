namespace SlackNet.Interaction;

/// <summary>What holds the thing that was clicked.</summary>
public sealed class Container
{
    public string MessageTs { get; set; }

    public string ChannelId { get; set; }
}
