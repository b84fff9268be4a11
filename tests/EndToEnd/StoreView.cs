using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>What the store of a running pipeline holds, read beside it.</summary>
public sealed class StoreView : IAsyncDisposable
{
    private readonly ServiceProvider services;

    /// <param name="connectionString">The pipeline's <c>ConnectionStrings:Incidents</c>.</param>
    public StoreView(string connectionString) => services = new ServiceCollection()
        .AddLogging()
        .AddIncidents(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Incidents", connectionString)]).Build())
        .BuildServiceProvider();

    /// <summary>How far the work has come.</summary>
    /// <param name="since">Incidents that were opened before don't count.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Progress> ProgressAsync(DateTimeOffset since, CancellationToken cancellationToken) => AskAsync(
        async store =>
        {
            var opened = store.Incidents.Where(incident => incident.OpenedAt >= since);
            return new Progress(
                await opened.SelectMany(incident => store.Alerts.Where(alert => alert.IncidentId == incident.Id)).CountAsync(cancellationToken),
                await store.Inbox.CountAsync(cancellationToken),
                await opened.CountAsync(incident => incident.DrawnVersion == 0, cancellationToken),
                await opened.CountAsync(incident => incident.DrawnVersion < incident.Version, cancellationToken));
        });

    /// <summary>Incidents that were resolved before a time.</summary>
    public Task<int> ResolvedBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken) =>
        AskAsync(store => store.Incidents.CountAsync(incident => incident.ResolvedAt < time, cancellationToken));

    /// <summary>Asks the store anything.</summary>
    public async Task<T> AskAsync<T>(Func<IncidentsContext, Task<T>> question)
    {
        await using var scope = services.CreateAsyncScope();
        return await question(scope.ServiceProvider.GetRequiredService<IncidentsContext>());
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    /// <param name="Alerts">Alerts that are part of an incident.</param>
    /// <param name="Inbox">Alerts that are accepted and not yet part of one.</param>
    /// <param name="Untold">Incidents without a message.</param>
    /// <param name="Undrawn">Incidents whose message is not up to date, or not there yet.</param>
    public sealed record Progress(int Alerts, int Inbox, int Untold, int Undrawn);
}
