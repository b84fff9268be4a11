namespace SlackNet.Interaction;

/// <summary>
/// What a person did, as the field <c>payload</c> of an HTTP callback or the payload of an envelope carries it in JSON: to be read with
/// <see cref="Default.JsonSettings"/>, which make the right kind of request of it, and null of a kind that is not known here.
/// </summary>
/// <remarks>https://docs.slack.dev/reference/interaction-payloads</remarks>
public abstract class InteractionRequest
{
    private protected InteractionRequest()
    {
    }

    /// <summary>Such as block_actions.</summary>
    public string Type { get; set; }

    /// <summary>The app that it is meant for (A...).</summary>
    public string ApiAppId { get; set; }

    /// <summary>Takes up to five answers within half an hour.</summary>
    public string ResponseUrl { get; set; }

    public Team Team { get; set; }

    public Channel Channel { get; set; }

    /// <summary>Who did it.</summary>
    public User User { get; set; }
}
