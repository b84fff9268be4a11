namespace SlackNet.Events;

public abstract class MessageEventBase
{
    /// <summary>Who posted it; for a bot, the bot's user.</summary>
    public string User { get; set; }

    public string Text { get; set; }

    /// <summary>The message's timestamp, which is its id in the channel.</summary>
    public string Ts { get; set; }

    /// <summary>The message that its thread hangs on; null outside a thread.</summary>
    public string ThreadTs { get; set; }
}
