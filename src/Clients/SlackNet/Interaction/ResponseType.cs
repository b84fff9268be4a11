namespace SlackNet.Interaction;

/// <summary>Who sees an answer.</summary>
public enum ResponseType
{
    InChannel,

    /// <summary>Only the person who did what is answered.</summary>
    Ephemeral,
}
