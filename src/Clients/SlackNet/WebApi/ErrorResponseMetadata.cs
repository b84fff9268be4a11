namespace SlackNet.WebApi;

public sealed class ErrorResponseMetadata
{
    public IList<string> Messages { get; set; } = [];
}
