namespace SlackNet.WebApi;

public sealed class PostEphemeralResponse
{
    /// <summary>Of no use to <c>chat.update</c>: such a message can only be replaced through a response URL.</summary>
    public string MessageTs { get; set; }
}
