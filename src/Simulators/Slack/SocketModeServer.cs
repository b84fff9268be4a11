using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Slack;

/// <summary>Slack's side of Socket Mode: it greets, sends envelopes in turn over the connections, and waits for their acknowledgement.</summary>
internal sealed class SocketModeServer(TimeProvider time, string appId)
{
    private const int Attempts = 3;

    // Slack refuses an eleventh connection.
    private const int MaxConnections = 10;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _tickets = new(StringComparer.Ordinal);
    private readonly List<Connection> _connections = [];
    private readonly Dictionary<string, Delivery> _deliveries = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _turn;

    /// <summary>How long an envelope may stay without acknowledgement before it is sent again.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(3);

    public int Connections
    {
        get
        {
            lock (_lock)
                return _connections.Count;
        }
    }

    public IReadOnlyList<SlackEnvelope> Envelopes
    {
        get
        {
            lock (_lock)
                return [.. _deliveries.Values.Select(delivery => delivery.Envelope)];
        }
    }

    /// <summary>A ticket for one connection.</summary>
    public string NewTicket()
    {
        var ticket = Guid.NewGuid().ToString();
        lock (_lock)
            _tickets.Add(ticket);
        return ticket;
    }

    public bool TryUse(string ticket)
    {
        lock (_lock)
            return _connections.Count < MaxConnections && _tickets.Remove(ticket);
    }

    /// <summary>Serves one connection until it ends.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="report">Told what no correct client would send.</param>
    /// <param name="cancellationToken">Cuts it.</param>
    public async Task ServeAsync(WebSocket socket, Action<string> report, CancellationToken cancellationToken)
    {
        using var connection = new Connection(socket);
        try
        {
            await connection.SendAsync(Hello(Connections + 1), cancellationToken);
            Change(() => _connections.Add(connection));
            while (await ReadAsync(socket, cancellationToken) is { } message)
                Acknowledge(message, report);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            socket.Abort();
        }
        finally
        {
            Change(() => _connections.Remove(connection));
        }
    }

    /// <summary>Sends an envelope, up to three times, until it is acknowledged; waits for a connection if there is none.</summary>
    public async Task<SlackEnvelope> SendAsync(string type, JsonElement payload, CancellationToken cancellationToken)
    {
        var delivery = new Delivery(new SlackEnvelope(Guid.NewGuid().ToString(), type, payload, 0, null));
        lock (_lock)
            _deliveries.Add(delivery.Envelope.Id, delivery);
        for (var attempt = 0; attempt < Attempts && !delivery.Acknowledged.Task.IsCompleted; attempt++)
            await TryAsync(delivery, attempt, cancellationToken);
        lock (_lock)
            return delivery.Envelope;
    }

    public async Task DisconnectAsync(SocketDisconnect reason, CancellationToken cancellationToken)
    {
        var message = new JsonObject
        {
            ["type"] = "disconnect",
            ["reason"] = reason == SocketDisconnect.Warning ? "warning" : "refresh_requested",
            ["debug_info"] = new JsonObject { ["host"] = "applink-cardboard" },
        };
        foreach (var connection in Current())
        {
            await connection.SendAsync(message, cancellationToken);
            if (reason == SocketDisconnect.Warning)
                continue;
            Change(() => _connections.Remove(connection));
            await connection.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
    }

    /// <summary>The network fails: nobody says goodbye.</summary>
    public void Cut()
    {
        foreach (var connection in Current())
        {
            Change(() => _connections.Remove(connection));
            connection.Socket.Abort();
        }
    }

    public async Task WaitAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_connections.Count >= count)
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private async Task TryAsync(Delivery delivery, int attempt, CancellationToken cancellationToken)
    {
        await WaitAsync(1, cancellationToken);
        Connection? connection;
        lock (_lock)
        {
            connection = _connections.Count > 0 ? _connections[_turn++ % _connections.Count] : null;
            delivery.Envelope = delivery.Envelope with { Attempts = attempt + 1 };
            delivery.SentAt = time.GetTimestamp();
        }

        if (connection is null || !await TrySendAsync(connection, Wire(delivery.Envelope, attempt), cancellationToken))
            return;
        try
        {
            await delivery.Acknowledged.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It is sent again, or stays without acknowledgement.
        }
    }

    private static async Task<bool> TrySendAsync(Connection connection, JsonObject message, CancellationToken cancellationToken)
    {
        try
        {
            await connection.SendAsync(message, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static JsonObject Wire(SlackEnvelope envelope, int attempt)
    {
        var wire = new JsonObject
        {
            ["envelope_id"] = envelope.Id,
            ["payload"] = JsonNode.Parse(envelope.Payload.GetRawText()),
            ["type"] = envelope.Type,
            ["accepts_response_payload"] = false,
        };
        if (attempt == 0)
            return wire;
        wire["retry_attempt"] = attempt;
        wire["retry_reason"] = "timeout";
        return wire;
    }

    private void Acknowledge(string message, Action<string> report)
    {
        if (EnvelopeId(message) is not { } id)
        {
            report($"not an acknowledgement: {message}");
            return;
        }

        lock (_lock)
        {
            if (!_deliveries.TryGetValue(id, out var delivery))
                report(string.Create(CultureInfo.InvariantCulture, $"an acknowledgement of an envelope that was never sent: {id}"));
            else if (delivery.Acknowledged.TrySetResult())
                delivery.Envelope = delivery.Envelope with { AcknowledgedAfter = time.GetElapsedTime(delivery.SentAt) };
        }
    }

    private static string? EnvelopeId(string message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("envelope_id", out var id)
                && id.ValueKind == JsonValueKind.String
                ? id.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The next text; null when the peer closes.</summary>
    private static async Task<string?> ReadAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        using var message = new MemoryStream();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length);
        }
    }

    private JsonObject Hello(int connections) => new()
    {
        ["type"] = "hello",
        ["num_connections"] = connections,
        ["debug_info"] = new JsonObject { ["host"] = "applink-cardboard", ["build_number"] = 1, ["approximate_connection_time"] = 18060 },
        ["connection_info"] = new JsonObject { ["app_id"] = appId },
    };

    private List<Connection> Current()
    {
        lock (_lock)
            return [.. _connections];
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    private sealed class Delivery(SlackEnvelope envelope)
    {
        public SlackEnvelope Envelope { get; set; } = envelope;

        public long SentAt { get; set; }

        public TaskCompletionSource Acknowledged { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Connection(WebSocket socket) : IDisposable
    {
        private readonly SemaphoreSlim _sending = new(1);

        public WebSocket Socket => socket;

        public async Task SendAsync(JsonObject message, CancellationToken cancellationToken)
        {
            await _sending.WaitAsync(cancellationToken);
            try
            {
                var bytes = Encoding.UTF8.GetBytes(message.ToJsonString(JsonText.Options));
                await socket.SendAsync(bytes, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, cancellationToken);
            }
            finally
            {
                _sending.Release();
            }
        }

        public void Dispose() => _sending.Dispose();
    }
}
