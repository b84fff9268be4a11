namespace SlackNet.WebApi;

public sealed class MessageUpdateResponse
{
    public string Channel { get; set; }

    public string Ts { get; set; }

    public string Text { get; set; }
}
