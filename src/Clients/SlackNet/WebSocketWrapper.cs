using System.Net.WebSockets;
using System.Text;

namespace SlackNet;

/// <summary>
/// A <see cref="ClientWebSocket"/> whose messages can be observed. Pings are answered by the socket itself; a peer that vanishes without
/// closing is noticed only if the socket's options have a <c>KeepAliveTimeout</c>.
/// </summary>
public sealed class WebSocketWrapper(ClientWebSocket webSocket, string uri) : IWebSocket
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Feed _messages = new();

    public WebSocketState State => webSocket.State;

    public Task Closed => _closed.Task;

    public IObservable<string> Messages => _messages;

    /// <inheritdoc />
    /// <exception cref="WebSocketException">There is no such server, or it refuses.</exception>
    public async Task<bool> Open(CancellationToken cancellationToken)
    {
        await webSocket.ConnectAsync(new Uri(uri), cancellationToken);
        if (webSocket.State != WebSocketState.Open)
            return false;

        _ = ReceiveAsync();
        return true;
    }

    public async Task Send(string message)
    {
        await _sending.WaitAsync();
        try
        {
            await webSocket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, default);
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Dispose()
    {
        webSocket.Dispose();
        _messages.Clear();
    }

    private async Task ReceiveAsync()
    {
        try
        {
            var buffer = new byte[4096];
            using var message = new MemoryStream();
            while (webSocket.State == WebSocketState.Open)
            {
                var part = await webSocket.ReceiveAsync(buffer.AsMemory(), default);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await webSocket.CloseAsync(WebSocketCloseStatus.NormalClosure, "The server closes", default);
                    return;
                }

                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                if (part.MessageType == WebSocketMessageType.Text)
                    _messages.Publish(Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length));
                message.SetLength(0);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            webSocket.Abort();
        }
        finally
        {
            _closed.TrySetResult();
        }
    }

    private sealed class Feed : IObservable<string>
    {
        private readonly Lock _lock = new();
        private readonly List<IObserver<string>> _observers = [];

        public IDisposable Subscribe(IObserver<string> observer)
        {
            lock (_lock)
                _observers.Add(observer);
            return new Subscription(this, observer);
        }

        public void Publish(string message)
        {
            IObserver<string>[] observers;
            lock (_lock)
                observers = [.. _observers];
            foreach (var observer in observers)
                observer.OnNext(message);
        }

        public void Clear()
        {
            lock (_lock)
                _observers.Clear();
        }

        private sealed class Subscription(Feed feed, IObserver<string> observer) : IDisposable
        {
            public void Dispose()
            {
                lock (feed._lock)
                    feed._observers.Remove(observer);
            }
        }
    }
}
