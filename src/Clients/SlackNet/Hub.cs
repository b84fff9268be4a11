namespace SlackNet;

/// <summary>A place for messages.</summary>
public class Hub
{
    public string Id { get; set; }
}
