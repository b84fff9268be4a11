using RabbitMQ.Client;

namespace AlertResponder.Host.Bus;

/// <summary><c>ConnectionStrings:RabbitMq</c> for RabbitMQ's own client, which commands use beside the bus.</summary>
internal static class BrokerAddress
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Connections of a command: what breaks is reported, not mended behind its back.</summary>
    /// <param name="address">With one of the bus' schemes, of which the client knows two.</param>
    public static ConnectionFactory Factory(string address)
    {
        var uri = new Uri(address);
        return new ConnectionFactory
        {
            Uri = new UriBuilder(uri) { Scheme = uri.Scheme is "amqps" or "rabbitmqs" ? "amqps" : "amqp" }.Uri,
            ClientProvidedName = "alert-responder",
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = Timeout,
            ContinuationTimeout = Timeout,
        };
    }

    /// <summary>Host, port and virtual host; never the password.</summary>
    public static string Shown(ConnectionFactory factory) => $"{factory.Endpoint.HostName}:{factory.Endpoint.Port}, virtual host {factory.VirtualHost}";
}
