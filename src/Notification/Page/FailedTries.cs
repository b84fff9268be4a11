using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification.Page;

/// <summary>
/// Wrong tokens by address, so that none is guessed: after so many within a minute no further one is looked at, right or wrong. However many addresses
/// there are, it takes no more memory than it has places for; two that share a place wait for each other.
/// </summary>
public sealed partial class FailedTries(TimeProvider time, ILogger<FailedTries> logger)
{
    /// <summary>What a person mistypes, with some to spare.</summary>
    public const int Most = 10;

    private const int Places = 4096;

    // Of IPv6 whoever has one address has all of its network.
    private const int NetworkBytes = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Place?[] places = new Place?[Places];

    /// <summary>
    /// Counts a token if it is wrong. All at once, so that of many calls that come together no more are looked at than of those that come one by one. The
    /// same wrong token again is no other guess: a script that has an old one locks nobody out.
    /// </summary>
    /// <param name="context">The call. Where it must wait, its answer says for how long (<c>Retry-After</c>).</param>
    /// <param name="given">The token that it came with.</param>
    /// <param name="isRight">Whether it is the one.</param>
    /// <returns>Whether the caller may be told so; if not, too many wrong ones came before it.</returns>
    public bool Take(HttpContext context, string given, bool isRight)
    {
        ArgumentNullException.ThrowIfNull(context);
        var address = context.Connection.RemoteIpAddress;
        ref var slot = ref places[Index(address)];
        var place = Volatile.Read(ref slot) ?? Interlocked.CompareExchange(ref slot, new Place(), comparand: null) ?? Volatile.Read(ref slot)!;
        var now = time.GetTimestamp();
        TimeSpan wait;
        bool locksOut;
        lock (place.Gate)
        {
            if (place.Wrong.Count > 0 && time.GetElapsedTime(place.Since, now) >= Window)
            {
                place.Wrong.Clear();
            }

            if (place.Wrong.Count < Most)
            {
                if (isRight)
                {
                    return true;
                }

                if (place.Wrong.Count == 0)
                {
                    place.Since = now;
                }

                locksOut = place.Wrong.Add(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(given)))) && place.Wrong.Count == Most;
                wait = TimeSpan.Zero;
            }
            else
            {
                locksOut = false;
                wait = Window - time.GetElapsedTime(place.Since, now);
            }
        }

        if (locksOut)
        {
            Log.LockedOut(logger, address, Most);
        }

        if (wait <= TimeSpan.Zero)
        {
            return true;
        }

        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return false;
    }

    // The hash is of this process alone: nobody can choose an address for its place.
    private static int Index(IPAddress? address)
    {
        var hash = default(HashCode);
        if (address is not null)
        {
            var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
            hash.AddBytes(bytes.AsSpan(0, Math.Min(bytes.Length, NetworkBytes)));
        }

        return (int)((uint)hash.ToHashCode() % Places);
    }

    private sealed class Place
    {
        public Lock Gate { get; } = new();

        /// <summary>The hashes of the wrong tokens since <see cref="Since"/>, as many as are counted.</summary>
        public HashSet<string> Wrong { get; } = new(StringComparer.Ordinal);

        public long Since { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Most} wrong tokens for the page or /status came from {Address} within a minute: until it is over none of it is looked at")]
        public static partial void LockedOut(ILogger logger, IPAddress? address, int most);
    }
}
