using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>Promises 1000 bytes to one caller, sends a few, and hangs up.</summary>
internal sealed class CuttingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _served;

    public CuttingServer(string status)
    {
        _listener.Start();
        Url = new Uri($"http://{_listener.LocalEndpoint}");
        _served = ServeAsync(status);
    }

    public Uri Url { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _served;
    }

    private async Task ServeAsync(string status)
    {
        using var socket = await _listener.AcceptSocketAsync();
        var buffer = new byte[4096];
        await socket.ReceiveAsync(buffer);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 1000\r\n\r\n{{\"kind\":\"Node\","));
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(buffer) > 0)
        {
            // Until the caller hangs up too: closing earlier might take back what was sent.
        }
    }
}
