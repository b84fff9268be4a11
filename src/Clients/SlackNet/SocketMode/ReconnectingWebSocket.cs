using System.Net.WebSockets;

namespace SlackNet.SocketMode;

/// <summary>
/// Keeps one connection: as soon as it ends, another is opened under a new address. What fails is tried again after 1 second, then 5
/// seconds later each time, up to 5 minutes, except when Slack refuses to give an address or the request for it times out.
/// </summary>
internal sealed class ReconnectingWebSocket(
    IWebSocketFactory factory,
    Func<CancellationToken, Task<string>> getUrl,
    Func<IWebSocket, string, Task> receive) : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DelayIncrease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    private IWebSocket _current;
    private IDisposable _subscription;

    public WebSocketState State => _current?.State ?? WebSocketState.None;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        for (var delay = FirstDelay; !await TryConnectAsync(cancellationToken); delay = Longer(delay))
            await Task.Delay(delay, TimeProvider.System, cancellationToken);
        _ = ReconnectWhenClosedAsync(cancellationToken);
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _current?.Dispose();
    }

    private static TimeSpan Longer(TimeSpan delay) => delay + DelayIncrease < LongestDelay ? delay + DelayIncrease : LongestDelay;

    private async Task<bool> TryConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            var url = await getUrl(cancellationToken);
            Dispose();
            var socket = factory.Create(url);
            _current = socket;
            // Before it opens: Slack greets at once.
            _subscription = socket.Messages.Subscribe(new Receiver(message => _ = receive(socket, message)));
            return await socket.Open(cancellationToken);
        }
        catch (Exception exception) when (exception is not SlackException and not OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ReconnectWhenClosedAsync(CancellationToken cancellationToken)
    {
        await _current.Closed;
        if (!cancellationToken.IsCancellationRequested)
            await ConnectAsync(cancellationToken);
    }

    private sealed class Receiver(Action<string> receive) : IObserver<string>
    {
        public void OnNext(string value) => receive(value);

        public void OnError(Exception error)
        {
            // The end of a connection is told by IWebSocket.Closed.
        }

        public void OnCompleted()
        {
            // As above.
        }
    }
}
