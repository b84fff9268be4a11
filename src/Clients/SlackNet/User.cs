namespace SlackNet;

/// <summary>A person or a bot.</summary>
public sealed class User
{
    public string Id { get; set; }
}
