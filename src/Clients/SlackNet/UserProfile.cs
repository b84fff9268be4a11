namespace SlackNet;

public sealed class UserProfile
{
    /// <summary>Null without the scope users:read.email.</summary>
    public string Email { get; set; }
}
