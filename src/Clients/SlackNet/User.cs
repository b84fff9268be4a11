namespace SlackNet;

/// <summary>A person or a bot. What a person did carries the id and the name only.</summary>
public sealed class User
{
    public string Id { get; set; }

    /// <summary>The handle, not what people see; it can change.</summary>
    public string Name { get; set; }

    public string RealName { get; set; }

    /// <summary>Whether the account is deactivated.</summary>
    public bool Deleted { get; set; }

    public bool IsBot { get; set; }

    public UserProfile Profile { get; set; }
}
