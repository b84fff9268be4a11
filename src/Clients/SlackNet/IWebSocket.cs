using System.Net.WebSockets;

namespace SlackNet;

/// <summary>One WebSocket connection, to be opened once.</summary>
public interface IWebSocket : IDisposable
{
    WebSocketState State { get; }

    /// <summary>Ends when the connection does, for whatever reason.</summary>
    Task Closed { get; }

    /// <summary>The text messages that come in.</summary>
    IObservable<string> Messages { get; }

    /// <returns>Whether it is open.</returns>
    Task<bool> Open(CancellationToken cancellationToken);

    Task Send(string message);
}
