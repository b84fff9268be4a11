using System.Net;
using Microsoft.Extensions.Options;

namespace AlertResponder.Host.Callers;

/// <summary>Section <c>Http</c>: how calls come in.</summary>
internal sealed class HttpOptions
{
    /// <summary>The addresses and networks of the proxies whose word counts on who called them, and whether by https.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>How many proxies a call passes one after the other: so many entries of <c>X-Forwarded-For</c> count, from its end.</summary>
    public int TrustedProxyCount { get; set; } = 1;

    /// <summary>The same as networks; what is none is left out.</summary>
    public IReadOnlyList<IPNetwork> Networks() => [.. TrustedProxies.Select(Network).OfType<IPNetwork>()];

    private const int MostProxies = 10;

    private static IPNetwork? Network(string? text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) ? network
        : null;

    /// <summary>What is wrong with it, each with its fix.</summary>
    internal sealed class Check : IValidateOptions<HttpOptions>
    {
        public ValidateOptionsResult Validate(string? name, HttpOptions options)
        {
            List<string> errors =
            [
                .. options.TrustedProxies.Where(proxy => proxy is { Length: > 0 } && Network(proxy) is null)
                    .Select(proxy => $"Http:TrustedProxies has \"{proxy}\", which is no address and no network: write 10.42.0.7 or 10.42.0.0/16."),
                .. options.TrustedProxies.Where(proxy => Network(proxy) is { PrefixLength: 0 })
                    .Select(proxy => $"Http:TrustedProxies has \"{proxy}\", which is everybody: list the proxies' own addresses or networks."),
                .. options.TrustedProxyCount is >= 1 and <= MostProxies
                    ? Array.Empty<string>()
                    : [$"Http:TrustedProxyCount is {options.TrustedProxyCount}: set it to 1 to {MostProxies}, the proxies that a call passes one after the other."],
            ];
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
