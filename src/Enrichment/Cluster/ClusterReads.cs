using System.Net;
using AlertResponder.Contracts;
using AlertResponder.Resilience;
using k8s;
using k8s.Autorest;

namespace AlertResponder.Enrichment.Cluster;

/// <summary>The reads for one incident: under one deadline, none of them fatal, what could not be read named.</summary>
internal sealed class ClusterReads(ClusterConnection cluster, TimeProvider time, CancellationToken deadline, CancellationToken cancellationToken)
{
    // Where the upstream is not paused.
    private static readonly TimeSpan ReadAgainWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LogTimeout = TimeSpan.FromSeconds(10);

    private readonly List<UnreadSource> unread = [];

    public IReadOnlyList<UnreadSource> Unread => unread;

    /// <summary>When it is worth reading again what could not be read; null when nothing of it will become readable by waiting.</summary>
    public DateTimeOffset? ReadAgainAt { get; private set; }

    public Task<ClusterRead<T>> ReadAsync<T>(string what, Func<IKubernetes, CancellationToken, Task<T>> read)
        where T : class => ReadAsync(what, read, tryTimeout: null);

    public Task<ClusterRead<string>> ReadLogAsync(string what, Func<IKubernetes, CancellationToken, Task<Stream>> open) =>
        ReadAsync(what, async (api, token) => await LogTail.ReadAsync(await open(api, token), token), LogTimeout);

    private async Task<ClusterRead<T>> ReadAsync<T>(string what, Func<IKubernetes, CancellationToken, Task<T>> read, TimeSpan? tryTimeout)
        where T : class
    {
        if (cluster.Api is not { } api)
        {
            return Unreadable<T>("the cluster", "no cluster is configured");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline, cancellationToken);
        try
        {
            return new ClusterRead<T>(await cluster.Upstream.CallAsync(token => read(api, token), either.Token, tryTimeout), NotFound: false);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return new ClusterRead<T>(null, NotFound: true);
        }
        catch (UpstreamPausedException e)
        {
            ReadAgainAt = e.PausedUntil;
            return Unreadable<T>("the cluster", $"the Kubernetes API is paused until {e.PausedUntil:HH:mm} UTC");
        }
        catch (HttpOperationException e)
        {
            if (e.Response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
            {
                ReadAgainSoon();
            }

            return Unreadable<T>(what, e.Response.StatusCode switch
            {
                HttpStatusCode.Forbidden => "forbidden",
                HttpStatusCode.Unauthorized => "the Kubernetes API refused our credentials",
                HttpStatusCode.TooManyRequests => "the Kubernetes API is throttling",
                HttpStatusCode.BadRequest => "refused by the Kubernetes API",
                var status => $"the Kubernetes API answered {(int)status}",
            });
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            ReadAgainSoon();
            return Unreadable<T>(what, e is OperationCanceledException or TimeoutException or Polly.Timeout.TimeoutRejectedException
                ? "timed out"
                : "the Kubernetes API did not answer");
        }
    }

    private void ReadAgainSoon() => ReadAgainAt ??= cluster.Upstream.PausedUntil ?? time.GetUtcNow() + ReadAgainWait;

    private ClusterRead<T> Unreadable<T>(string what, string reason)
        where T : class
    {
        var source = new UnreadSource(what, reason);
        if (!unread.Contains(source))
        {
            unread.Add(source);
        }

        return new ClusterRead<T>(null, NotFound: false);
    }
}
