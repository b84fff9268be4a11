namespace SlackNet.WebApi;

public sealed class ConnectionOpenResponse
{
    /// <summary>A WebSocket's address, good for one connection.</summary>
    public string Url { get; set; }
}
