namespace SlackNet;

public sealed class Channel : Hub
{
    /// <summary>Without #; "directmessage" and "privategroup" stand for the names that Slack keeps to itself.</summary>
    public string Name { get; set; }
}
