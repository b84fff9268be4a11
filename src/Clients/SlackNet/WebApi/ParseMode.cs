namespace SlackNet.WebApi;

/// <summary>What Slack makes of names and addresses in a message's text.</summary>
public enum ParseMode
{
    /// <summary>Nothing but what is marked up.</summary>
    None,

    /// <summary>Links everything that looks like a channel, a person or an address.</summary>
    Full,

    /// <summary>Addresses only.</summary>
    Client,
}
