namespace SlackNet;

/// <summary>A workspace.</summary>
public sealed class Team
{
    public string Id { get; set; }
}
