using System.Net;
using k8s.Models;

namespace AlertResponder.Enrichment.Subjects;

/// <summary>From the address that was scraped to a machine's name.</summary>
internal static class HostNames
{
    /// <summary><c>10.0.0.5</c> of <c>10.0.0.5:9100</c>; null for what is neither an address nor a host name.</summary>
    public static string? OfInstance(string? instance)
    {
        if (instance is null)
        {
            return null;
        }

        var host = instance switch
        {
            ['[', ..] => instance[1..].Split(']')[0],
            _ when instance.Split(':') is [var name, var port] => port.All(char.IsAsciiDigit) ? name : "",
            _ => instance,
        };
        return IPAddress.TryParse(host, out var address) ? address.ToString()
            : AlertSubject.IsObjectName(host.ToLowerInvariant()) ? host.ToLowerInvariant()
            : null;
    }

    /// <summary>Whether a node is the machine: by its name or one of its addresses.</summary>
    public static bool IsOf(string host, V1Node node) =>
        node.Metadata.Name == host
        || (node.Status?.Addresses ?? []).Any(address => string.Equals(address.Address, host, StringComparison.OrdinalIgnoreCase));
}
