using System.Net.Http.Headers;

namespace k8s.Authentication;

/// <summary>
/// A bearer token in a file that is replaced from time to time, such as a pod's service account token. It is read again when the last
/// reading is a minute old; the kubelet replaces it long before it expires.
/// </summary>
public sealed class TokenFileAuth : ITokenProvider
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly string _file;
    private readonly TimeProvider _time;
    private volatile Reading _last;

    public TokenFileAuth(string tokenFile)
        : this(tokenFile, TimeProvider.System)
    {
    }

    internal TokenFileAuth(string tokenFile, TimeProvider time)
    {
        _file = tokenFile;
        _time = time;
    }

    /// <exception cref="AggregateException">The file cannot be read; the reason is inside, as in the official client.</exception>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        var last = _last;
        if (last is null || last.FreshUntil < _time.GetUtcNow())
            _last = last = new Reading(await ReadAsync(cancellationToken), _time.GetUtcNow() + Freshness);
        return last.Header;
    }

    private async Task<AuthenticationHeaderValue> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(_file, cancellationToken)).Trim());
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new AggregateException(unreadable);
        }
    }

    private sealed record Reading(AuthenticationHeaderValue Header, DateTimeOffset FreshUntil);
}
