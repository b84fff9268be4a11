using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Notification.Page;

/// <summary>
/// Wrong tokens by address, so that none is guessed: after so many within a minute no further one is looked at, right or wrong. However many addresses
/// there are, it takes no more memory than it has places for; two that share a place wait for each other.
/// </summary>
public sealed class FailedTries : IDisposable
{
    /// <summary>What a person mistypes, with some to spare.</summary>
    public const int Most = 10;

    private const int Places = 4096;

    // Of IPv6 whoever has one address has all of its network.
    private const int NetworkBytes = 8;

    private readonly PartitionedRateLimiter<HttpContext> tries;

    /// <param name="window">After this the tries are forgotten; a minute where nothing else is said.</param>
    public FailedTries(TimeSpan? window = null)
    {
        var options = new FixedWindowRateLimiterOptions { PermitLimit = Most, Window = window ?? TimeSpan.FromMinutes(1), QueueLimit = 0 };
        tries = PartitionedRateLimiter.Create<HttpContext, int>(context => RateLimitPartition.GetFixedWindowLimiter(Place(context.Connection.RemoteIpAddress), _ => options));
    }

    /// <summary>How long whoever calls must wait before a token of theirs is looked at; null when it is.</summary>
    public TimeSpan? Wait(HttpContext context)
    {
        using var left = tries.AttemptAcquire(context, permitCount: 0);
        return left.IsAcquired ? null : left.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
    }

    /// <summary>Counts a wrong token.</summary>
    public void Add(HttpContext context) => tries.AttemptAcquire(context).Dispose();

    public void Dispose() => tries.Dispose();

    // The hash is of this process alone: nobody can choose an address for its place.
    private static int Place(IPAddress? address)
    {
        var hash = default(HashCode);
        if (address is not null)
        {
            var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
            hash.AddBytes(bytes.AsSpan(0, Math.Min(bytes.Length, NetworkBytes)));
        }

        return (int)((uint)hash.ToHashCode() % Places);
    }
}
