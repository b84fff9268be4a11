namespace SlackNet.WebApi;

public sealed class ViewResponse
{
    public ViewInfo View { get; set; }
}
