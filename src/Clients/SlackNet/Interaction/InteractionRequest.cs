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

    public Team Team { get; set; }

    public Channel Channel { get; set; }

    /// <summary>Who did it.</summary>
    public User User { get; set; }
}
