using System.Net.WebSockets;

namespace SlackNet;

internal sealed class WebSocketFactory : IWebSocketFactory
{
    public IWebSocket Create(string uri) => new WebSocketWrapper(new ClientWebSocket(), uri);
}
