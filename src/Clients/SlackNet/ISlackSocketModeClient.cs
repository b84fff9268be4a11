using SlackNet.SocketMode;

namespace SlackNet;

/// <summary>Receives what people click over connections that this side opens: no public address is needed.</summary>
/// <remarks>https://docs.slack.dev/apis/events-api/using-socket-mode</remarks>
public interface ISlackSocketModeClient : IDisposable
{
    /// <summary>
    /// Whether at least one connection is open or about to be. False while all of them wait for their next try, and for ever once Slack
    /// has refused to renew the last one: then <see cref="Connect"/> starts anew.
    /// </summary>
    bool Connected { get; }

    /// <summary>Opens the connections and keeps them open. Returns when the first one is.</summary>
    /// <param name="connectionOptions">Two connections, 10 seconds apart, without.</param>
    /// <param name="cancellationToken">Ends the opening, and later the reopening too.</param>
    /// <exception cref="SlackException">Slack refuses, for instance the token.</exception>
    /// <exception cref="InvalidOperationException">It is connected.</exception>
    /// <exception cref="ObjectDisposedException">It has been disconnected.</exception>
    Task Connect(SocketModeConnectionOptions connectionOptions = null, CancellationToken cancellationToken = default);

    /// <summary>Closes all connections without further ado and for good: to connect again takes another client.</summary>
    /// <exception cref="ObjectDisposedException">It has been disconnected before.</exception>
    void Disconnect();
}
