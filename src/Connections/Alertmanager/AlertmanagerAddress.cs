using System.Net;
using System.Net.Sockets;

namespace AlertResponder.Connections.Alertmanager;

/// <summary>
/// Where Alertmanager is. An address from a webhook is somebody's word, however trusted: only http and https, no credentials in it or with
/// it, never one of the <see cref="ReservedAddresses"/>, and through no proxy, which would look up the name for us.
/// </summary>
public static class AlertmanagerAddress
{
    private const int Longest = 2048;

    /// <summary>The base address, ending in a slash; null when the text is none that is called.</summary>
    public static Uri? Of(string? text) =>
        text is { Length: > 0 and <= Longest }
        && Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
        && address is { UserInfo: "", Query: "", Fragment: "" }
            ? address
            : null;

    /// <summary>For people: without the path's slash.</summary>
    public static string Shown(Uri address) => address.AbsoluteUri.TrimEnd('/');

    /// <summary>Connects, wherever the name leads to at this moment but there.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => !ReservedAddresses.Contain(address));
        if (allowed.Length == 0)
        {
            throw new IOException("The name leads to an address that is link-local or a cloud's own, which is not called.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
