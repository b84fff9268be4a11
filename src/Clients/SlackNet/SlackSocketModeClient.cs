using System.Net.WebSockets;
using Newtonsoft.Json;
using SlackNet.Interaction;
using SlackNet.SocketMode;

namespace SlackNet;

internal sealed class SlackSocketModeClient(
    ISlackApiClient client,
    IWebSocketFactory webSocketFactory,
    SlackJsonSettings jsonSettings,
    IReadOnlyList<IBlockActionHandler> handlers) : ISlackSocketModeClient
{
    private IReadOnlyList<ReconnectingWebSocket> _sockets = [];
    private CancellationTokenSource _connection;
    private bool _disconnected;

    public bool Connected => _sockets.Any(socket => socket.State is WebSocketState.Connecting or WebSocketState.Open);

    public async Task Connect(SocketModeConnectionOptions connectionOptions = null, CancellationToken cancellationToken = default)
    {
        if (Connected)
            throw new InvalidOperationException("It is connected already, or about to be.");
        ObjectDisposedException.ThrowIf(_disconnected, this);
        Close();

        var options = connectionOptions ?? new SocketModeConnectionOptions();
        var connection = _connection = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _sockets = [.. Enumerable.Range(0, options.NumberOfConnections)
            .Select(_ => new ReconnectingWebSocket(webSocketFactory, GetUrlAsync, ReceiveAsync))];

        var first = _sockets[0].ConnectAsync(connection.Token);
        foreach (var (index, socket) in _sockets.Index().Skip(1))
            _ = ConnectLaterAsync(socket, index * options.ConnectionDelay, connection.Token);
        await first;
    }

    public void Disconnect()
    {
        ObjectDisposedException.ThrowIf(_disconnected, this);
        _disconnected = _connection is not null;
        Close();
    }

    public void Dispose() => Close();

    private static async Task ConnectLaterAsync(ReconnectingWebSocket socket, TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, TimeProvider.System, cancellationToken);
        await socket.ConnectAsync(cancellationToken);
    }

    private async Task<string> GetUrlAsync(CancellationToken cancellationToken) =>
        (await client.AppsConnectionsApi.Open(cancellationToken)).Url;

    private async Task ReceiveAsync(IWebSocket socket, string text)
    {
        var message = JsonConvert.DeserializeObject<SocketMessage>(text, jsonSettings.SerializerSettings);
        if (message?.EnvelopeId is null)
            return;

        try
        {
            if (message.Type == "interactive" && message.Payload?.Value<string>("type") == "block_actions")
                await HandleAsync(message.Payload.ToObject<BlockActionRequest>(JsonSerializer.Create(jsonSettings.SerializerSettings)));
        }
        finally
        {
            await socket.Send(JsonConvert.SerializeObject(new Acknowledgement(message.EnvelopeId), jsonSettings.SerializerSettings));
        }
    }

    private Task HandleAsync(BlockActionRequest request) => Task.WhenAll(handlers.Select(handler => handler.Handle(request)));

    private void Close()
    {
        _connection?.Cancel();
        _connection?.Dispose();
        _connection = null;
        foreach (var socket in _sockets)
            socket.Dispose();
    }
}
