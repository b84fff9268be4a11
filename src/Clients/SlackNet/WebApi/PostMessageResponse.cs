using SlackNet.Events;

namespace SlackNet.WebApi;

public sealed class PostMessageResponse
{
    /// <summary>The message's timestamp, which is its id in the channel.</summary>
    public string Ts { get; set; }

    /// <summary>The channel's id, even where it was addressed by name.</summary>
    public string Channel { get; set; }

    public MessageEvent Message { get; set; }
}
