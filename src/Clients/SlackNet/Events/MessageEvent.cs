namespace SlackNet.Events;

/// <summary>A message as Slack keeps it.</summary>
public sealed class MessageEvent : MessageEventBase
{
    /// <summary>Null for an ordinary message.</summary>
    public string Subtype { get; set; }

    /// <summary>Null without metadata, and where it was not asked for.</summary>
    public MessageMetadata Metadata { get; set; }

    /// <summary>The bot that posted it (B...), if one did.</summary>
    public string BotId { get; set; }

    public string AppId { get; set; }
}
