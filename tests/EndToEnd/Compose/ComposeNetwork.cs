using System.Globalization;
using System.Text.RegularExpressions;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd.Compose;

/// <summary>The network of a compose file on loopback: every port that a service exposes to the others is a port of this machine.</summary>
internal sealed partial class ComposeNetwork
{
    private readonly Dictionary<string, string> services = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Service, int Port), int> ports = [];

    public ComposeNetwork(ComposeFile file)
    {
        foreach (var (name, service) in file.Services)
        {
            foreach (var host in service.Networks.Values.SelectMany(network => network.Aliases).Prepend(name))
            {
                services.Add(host, name);
            }

            // Ports in a row stay in a row: a command may name the first one alone.
            var exposed = service.Expose.Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToList();
            exposed.ShouldBe(Enumerable.Range(exposed[0], exposed.Count), $"{name} exposes ports in a row");
            var first = FreePort.NextRow(exposed.Count);
            foreach (var port in exposed)
            {
                ports.Add((name, port), first + port - exposed[0]);
            }
        }
    }

    /// <summary>The loopback port of a service's port.</summary>
    /// <exception cref="KeyNotFoundException">The service does not expose it, so that no other container would reach it by that.</exception>
    public int PortOf(string service, int port) => ports.TryGetValue((service, port), out var here)
        ? here
        : throw new KeyNotFoundException($"{service} does not expose {port.ToString(CultureInfo.InvariantCulture)}.");

    /// <summary>The loopback ports of all that a service exposes.</summary>
    public IEnumerable<int> PortsOf(string service) => ports.Where(port => port.Key.Service == service).Select(port => port.Value);

    /// <summary>The text with each <c>host:port</c> of a service of this network replaced by its loopback address.</summary>
    /// <param name="text">Of an argument, a setting or a file.</param>
    /// <param name="service">Whose text it is: what it calls localhost is itself.</param>
    public string Translate(string text, string service) => HostAndPort().Replace(text, match =>
    {
        var host = match.Groups["host"].Value;
        var owner = host is "localhost" or "127.0.0.1" ? service : services.GetValueOrDefault(host);
        return owner is null
            ? match.Value
            : $"127.0.0.1:{PortOf(owner, int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture)}";
    });

    [GeneratedRegex(@"(?<host>[a-z0-9][a-z0-9.-]*):(?<port>[0-9]{2,5})\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostAndPort();
}
