namespace SlackNet;

/// <summary>Makes the connections of Socket Mode: the place to redirect them, or to set options of the socket.</summary>
public interface IWebSocketFactory
{
    /// <param name="uri">As apps.connections.open answered it.</param>
    IWebSocket Create(string uri);
}
