namespace SlackNet.WebApi;

public sealed class AuthTestResponse
{
    /// <summary>The workspace's address.</summary>
    public string Url { get; set; }

    public string Team { get; set; }

    public string User { get; set; }

    public string TeamId { get; set; }

    /// <summary>The bot's own user, which is the <c>user</c> of the messages it posts.</summary>
    public string UserId { get; set; }
}
