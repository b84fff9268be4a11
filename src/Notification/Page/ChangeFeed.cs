using System.Threading.Channels;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification.Page;

/// <summary>
/// Tells open pages that incidents have changed. It asks the store, since the change may be another process's work: once a
/// second for all listeners together, and not at all while nobody listens.
/// </summary>
internal sealed partial class ChangeFeed(IServiceScopeFactory scopes, TimeProvider time, ILogger<ChangeFeed> logger) : BackgroundService
{
    /// <summary>The most pages that are told.</summary>
    public const int MaxListeners = 100;

    private const int MaxOpen = 1000;
    private const int MaxResolved = 50;
    private const int TicksPerHeartbeat = 15;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly List<Listener> listeners = [];
    private Dictionary<Guid, int> seen = [];

    /// <summary>Begins to listen; dispose it to end. Null when too many do already.</summary>
    /// <param name="incidentId">The only incident of interest; null for all.</param>
    public Listener? Listen(Guid? incidentId)
    {
        lock (listeners)
        {
            if (listeners.Count >= MaxListeners)
                return null;
            var listener = new Listener(this, incidentId);
            listeners.Add(listener);
            return listener;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        for (var tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++)
        {
            var present = Present();
            if (present.Count == 0)
                continue;
            try
            {
                await TellAsync(present, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }

            if (tick % TicksPerHeartbeat == 0)
                present.ForEach(listener => listener.Beat());
        }
    }

    private List<Listener> Present()
    {
        lock (listeners)
            return [.. listeners];
    }

    private async Task TellAsync(List<Listener> present, CancellationToken cancellationToken)
    {
        var now = await VersionsAsync([.. present.Select(listener => listener.IncidentId).OfType<Guid>().Distinct()], cancellationToken);
        var changed = now.Where(incident => !seen.TryGetValue(incident.Key, out var version) || version != incident.Value).Select(incident => incident.Key)
            .Concat(seen.Keys.Where(id => !now.ContainsKey(id)))
            .ToHashSet();
        seen = now;
        present.ForEach(listener => listener.Tell(changed));
    }

    private async Task<Dictionary<Guid, int>> VersionsAsync(List<Guid> watched, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var incidents = scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents.AsNoTracking();
        var open = await incidents.Where(i => i.ResolvedAt == null).OrderByDescending(i => i.OpenedAt).Take(MaxOpen)
            .Select(i => new { i.Id, i.Version }).ToListAsync(cancellationToken);
        var resolved = await incidents.Where(i => i.ResolvedAt != null).OrderByDescending(i => i.ResolvedAt).Take(MaxResolved)
            .Select(i => new { i.Id, i.Version }).ToListAsync(cancellationToken);
        var asked = watched.Count == 0
            ? []
            : await incidents.Where(i => watched.Contains(i.Id)).Select(i => new { i.Id, i.Version }).ToListAsync(cancellationToken);

        // In between an incident may have moved from one to the other: the last word counts.
        Dictionary<Guid, int> versions = [];
        foreach (var incident in open.Concat(resolved).Concat(asked))
            versions[incident.Id] = incident.Version;
        return versions;
    }

    private void Remove(Listener listener)
    {
        lock (listeners)
            listeners.Remove(listener);
    }

    /// <summary>One open page.</summary>
    internal sealed class Listener(ChangeFeed feed, Guid? incidentId) : IDisposable
    {
        // One is enough: a page that is told twice looks once.
        private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        private bool told;

        public Guid? IncidentId => incidentId;

        /// <summary>True: look again. False: nothing new, but still there.</summary>
        public IAsyncEnumerable<bool> ReadAsync(CancellationToken cancellationToken) => news.Reader.ReadAllAsync(cancellationToken);

        /// <summary>Also the first time, whatever changed: between the page's making and now something may have.</summary>
        public void Tell(HashSet<Guid> changed)
        {
            if (!told || (incidentId is { } id ? changed.Contains(id) : changed.Count > 0))
                news.Writer.TryWrite(true);
            told = true;
        }

        // News that was not read yet is a sign of life too.
        public void Beat()
        {
            if (news.Reader.Count == 0)
                news.Writer.TryWrite(false);
        }

        public void Dispose() => feed.Remove(this);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The store could not be asked for what the open pages show; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
