using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>Loopback ports that nobody listens on.</summary>
public static class FreePort
{
    private const int First = 15000;
    private static readonly HashSet<int> Handed = [];
    private static readonly Lock Gate = new();

    /// <summary>
    /// A port that is free now and handed out once per test run. It lies below the range from which the kernel picks
    /// source ports: a client that keeps dialling a stopped server would else, now and then, connect to itself.
    /// </summary>
    public static int Next() => NextRow(1);

    /// <summary>The first of several such ports in a row.</summary>
    public static int NextRow(int length)
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Shared.Next(First, FirstEphemeral() - length);
                var row = Enumerable.Range(port, length).ToList();
                if (!Handed.Overlaps(row) && row.TrueForAll(CanListen))
                {
                    Handed.UnionWith(row);
                    return port;
                }
            }
        }

        throw new InvalidOperationException("No free loopback port found in 1,000 attempts.");
    }

    private static int FirstEphemeral()
    {
        const string range = "/proc/sys/net/ipv4/ip_local_port_range";
        if (!File.Exists(range))
            return 32768;
        var first = int.Parse(File.ReadAllText(range).Split('\t', ' ')[0], CultureInfo.InvariantCulture);
        return first > First + 1000 ? first : 65536;
    }

    private static bool CanListen(int port)
    {
        if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port))
            return false;

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
