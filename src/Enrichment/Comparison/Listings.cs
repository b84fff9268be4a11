using AlertResponder.Connections.Alertmanager;
using AlertResponder.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>Asks Alertmanagers for their alerts: the configured one, or those whose addresses webhooks state.</summary>
internal sealed partial class Listings(
    AlertmanagerClient client,
    [FromKeyedServices(UpstreamNames.AlertmanagerListings)] Upstream upstream,
    IOptions<AlertmanagerOptions> options,
    TimeProvider time,
    ILogger<Listings> logger)
{
    private const int MostDoublings = 5;

    // An address that a webhook states often leads nowhere from here: it is asked less and less.
    private readonly Dictionary<Uri, (int Failures, DateTimeOffset NextAt)> failing = [];
    private readonly Lock gate = new();

    /// <summary>Whom to ask about an alert whose webhook stated this address; null when nobody is to be asked.</summary>
    public Uri? Address(string? externalUrl) => options.Value.CompareSeconds > 0 ? client.Address(externalUrl) : null;

    /// <returns>What it has; null when it cannot be asked, and nothing is known then.</returns>
    public async Task<AlertListing?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        if (IsLeftAlone(address))
        {
            return null;
        }

        try
        {
            var listing = await upstream.CallAsync(token => client.ListAsync(address, [], token), cancellationToken);
            lock (gate)
            {
                failing.Remove(address);
            }

            return listing;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // While all are paused this one was not asked.
            if (e is not UpstreamPausedException)
            {
                Failed(address);
            }

            Log.NoAnswer(logger, AlertmanagerAddress.Shown(address), e.GetType().Name, e.Message);
            return null;
        }
    }

    private bool IsLeftAlone(Uri address)
    {
        lock (gate)
        {
            return failing.TryGetValue(address, out var failed) && time.GetUtcNow() < failed.NextAt;
        }
    }

    private void Failed(Uri address)
    {
        if (options.Value.Url is { Length: > 0 })
        {
            return;
        }

        lock (gate)
        {
            var failures = failing.GetValueOrDefault(address).Failures + 1;
            failing[address] = (failures, time.GetUtcNow() + (options.Value.CompareInterval() * Math.Pow(2, Math.Min(failures, MostDoublings))));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Alertmanager at {Address} cannot be asked for its alerts ({Failure}: {Reason}); trying again later")]
        public static partial void NoAnswer(ILogger logger, string address, string failure, string reason);
    }
}
