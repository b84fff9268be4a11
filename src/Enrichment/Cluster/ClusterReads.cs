using System.Net;
using System.Text.Json;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Subjects;
using AlertResponder.Redaction;
using AlertResponder.Resilience;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;

namespace AlertResponder.Enrichment.Cluster;

/// <summary>
/// The reads for one incident: under one deadline, few at a time and not too many in all, none of them fatal, what could not be read
/// named. What another incident has just read is not asked again; nobody changes what is handed out.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="time">The clock.</param>
/// <param name="deadline">Ends all reads; they count as timed out then.</param>
/// <param name="cancellationToken">Ends the incident's turn.</param>
/// <param name="fresh">Nothing that was asked for before now will do.</param>
/// <param name="of">The cluster that the incident is of, as its alerts say: of another one than the connected nothing is read.</param>
internal sealed class ClusterReads(
    ClusterConnection cluster, TimeProvider time, CancellationToken deadline, CancellationToken cancellationToken, bool fresh = false, string? of = null) : IDisposable
{
    /// <summary>The reads of one incident, subject and evidence together.</summary>
    public const int MostReads = 50;

    private const int AtOnce = 6;
    private const int LongestReason = 300;

    // Where the upstream is not paused.
    private static readonly TimeSpan ReadAgainWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LogTimeout = TimeSpan.FromSeconds(10);

    // For what a cluster need not have nobody waits as long as for the rest.
    private static readonly TimeSpan AggregatedTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim turns = new(AtOnce);
    private readonly List<UnreadSource> unread = [];
    private readonly List<GatheringFailure> failures = [];
    private readonly long notBefore = fresh ? time.GetTimestamp() : long.MinValue;
    private readonly KnownOwners nobodys = new(time);
    private int left = MostReads;

    /// <summary>What could not be read; of the same kind of thing and for the same reason, the first.</summary>
    public IReadOnlyList<UnreadSource> Unread
    {
        get
        {
            lock (gate)
            {
                return [.. unread.GroupBy(source => (Kind(source.What), source.Reason)).Select(Together)];
            }
        }
    }

    /// <summary>The parts of the evidence that failed by a defect of ours; they are among <see cref="Unread"/> too.</summary>
    public IReadOnlyList<GatheringFailure> Failures
    {
        get
        {
            lock (gate)
            {
                return [.. failures];
            }
        }
    }

    /// <summary>When it is worth reading again what could not be read; null when nothing of it will become readable by waiting.</summary>
    public DateTimeOffset? ReadAgainAt { get; private set; }

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The connected cluster's name where the incident is of another one; else null.</summary>
    public string? ConnectedInstead { get; } = of is null || cluster.Name is null || of == cluster.Name ? null : cluster.Name;

    /// <summary>Whether the incident names its cluster and nobody has said what the connected one is called.</summary>
    public bool IsClusterAssumed { get; } = of is not null && cluster is { Api: not null, Name: null };

    public KnownOwners Owners => ConnectedInstead is null ? cluster.Owners : nobodys;

    /// <param name="what">
    /// For people: <c>Pod shop/web</c>, <c>events of Pod shop/web</c>. Reads of one type in the same words are the same read.
    /// </param>
    /// <param name="read">One try.</param>
    public Task<ClusterRead<T>> ReadAsync<T>(string what, Func<IKubernetes, CancellationToken, Task<T>> read)
        where T : class => ReadAsync(what, read, tryTimeout: null);

    public Task<ClusterRead<string>> ReadLogAsync(string what, Func<IKubernetes, CancellationToken, Task<Stream>> open) =>
        ReadAsync(what, async (api, token) => await LogTail.ReadAsync(await open(api, token), token), LogTimeout);

    /// <summary>What another server than the API server's own serves, such as metrics: null, and no failure, when it does not.</summary>
    public async Task<T?> ReadAggregatedAsync<T>(string what, Func<IKubernetes, CancellationToken, Task<T>> read)
        where T : class => (await ReadAsync(what, (api, token) => IfServedAsync(api, read, token), tryTimeout: null)).Value?.Value;

    /// <summary>A part of what an incident needs to know: what it throws costs that part alone, and is named.</summary>
    /// <param name="what">For people: <c>logs</c>, <c>the rollout</c>.</param>
    /// <param name="part">What reads and understands it.</param>
    /// <returns>Null when it failed.</returns>
    public async Task<T?> PartAsync<T>(string what, Func<Task<T>> part)
        where T : class
    {
        try
        {
            return await part();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Unreadable<T>(what, $"what was read could not be understood ({e.GetType().Name})");
            lock (gate)
            {
                failures.Add(new GatheringFailure(what, e));
            }

            return null;
        }
    }

    public void Dispose() => turns.Dispose();

    private async Task<ClusterRead<T>> ReadAsync<T>(string what, Func<IKubernetes, CancellationToken, Task<T>> read, TimeSpan? tryTimeout)
        where T : class
    {
        if (ConnectedInstead is not null)
        {
            return new ClusterRead<T>(null, NotFound: false);
        }

        if (cluster.Api is not { } api)
        {
            return Unreadable<T>("the cluster", "no cluster is configured");
        }

        if (Interlocked.Decrement(ref left) < 0)
        {
            return Unreadable<T>(what, $"left out: {MostReads} reads are enough");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline, cancellationToken);
        try
        {
            await turns.WaitAsync(either.Token);
            try
            {
                return new ClusterRead<T>(
                    await cluster.Shared.ReadAsync(
                        what, notBefore, time, wanted => cluster.Upstream.CallAsync(token => read(api, token), wanted, tryTimeout), either.Token),
                    NotFound: false);
            }
            finally
            {
                turns.Release();
            }
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return new ClusterRead<T>(null, NotFound: true);
        }
        catch (UpstreamPausedException e)
        {
            ReadAgain(e.PausedUntil);
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
            // Waiting gives no object another name, and makes no list shorter.
            if (e is not (ArgumentException or InvalidDataException))
            {
                ReadAgainSoon();
            }

            return e switch
            {
                // A plug-in's own words, or a file's path.
                KubeConfigException => Unreadable<T>("the cluster", BoundedText.Cut(Redactor.Redact(e.Message), LongestReason)),
                OperationCanceledException or TimeoutException or Polly.Timeout.TimeoutRejectedException => Unreadable<T>(what, "timed out"),
                InvalidDataException => Unreadable<T>(what, "the Kubernetes API's answer is too long"),
                JsonException => Unreadable<T>(what, "the Kubernetes API's answer cannot be read"),
                ArgumentException => Unreadable<T>(what, "no object has such a name"),
                _ => Unreadable<T>(what, "the Kubernetes API did not answer"),
            };
        }
    }

    // What is read may be of another cluster than the alert, and nobody has said.
    // Within the upstream's call: an aggregated API that is down must not look as if the API server were.
    private async Task<Served<T>> IfServedAsync<T>(IKubernetes api, Func<IKubernetes, CancellationToken, Task<T>> read, CancellationToken token)
        where T : class
    {
        using var patience = new CancellationTokenSource(AggregatedTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, token);
        try
        {
            return new Served<T>(await read(api, either.Token));
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable)
        {
            return new Served<T>(null);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !token.IsCancellationRequested)
        {
            return new Served<T>(null);
        }
    }

    private void ReadAgain(DateTimeOffset at)
    {
        lock (gate)
        {
            ReadAgainAt = at;
        }
    }

    private void ReadAgainSoon()
    {
        lock (gate)
        {
            ReadAgainAt ??= cluster.Upstream.PausedUntil ?? time.GetUtcNow() + ReadAgainWait;
        }
    }

    private ClusterRead<T> Unreadable<T>(string what, string reason)
        where T : class
    {
        lock (gate)
        {
            var source = new UnreadSource(what, reason);
            if (!unread.Contains(source))
            {
                unread.Add(source);
            }
        }

        return new ClusterRead<T>(null, NotFound: false);
    }

    private static UnreadSource Together(IEnumerable<UnreadSource> alike)
    {
        var all = alike.ToList();
        return all.Count == 1 ? all[0] : all[0] with { Reason = $"{all[0].Reason}, and {all.Count - 1} more like it" };
    }

    // "events of Pod shop/web" and "Pod shop/web": what is read, without of whom.
    private static string Kind(string what) => what.IndexOf(" of ", StringComparison.Ordinal) is var of and > 0 ? what[..of] : what.Split(' ')[0];

    private sealed record Served<T>(T? Value)
        where T : class;
}

/// <summary>A part of the evidence that failed.</summary>
/// <param name="What">For people.</param>
/// <param name="Error">A defect of ours; its message may quote what was read.</param>
internal sealed record GatheringFailure(string What, Exception Error);
