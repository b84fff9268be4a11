using System.Diagnostics;
using AlertResponder.Incidents;
using AlertResponder.Tests.EndToEnd;
using AlertResponder.Tests.EndToEnd.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Benchmarks;

/// <summary>The pipeline as a process of its own, with the simulators in this one and servers for it alone.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";
    public const string InMemory = "memory";
    public const string RabbitMq = "rabbitmq";

    private readonly Stack<IAsyncDisposable> parts = new();
    private ServiceProvider store = null!;

    public Surroundings Surroundings { get; private set; } = null!;

    public PipelineProcess Pipeline { get; private set; } = null!;

    /// <summary>Of the pipeline's process, since its start.</summary>
    public TimeSpan Processor => Ask(process => process.TotalProcessorTime);

    /// <inheritdoc cref="LoadResult.PeakMemoryBytes"/>
    public long PeakMemoryBytes => Ask(process => process.PeakWorkingSet64);

    public static async Task<Installation> StartAsync(Fleet fleet, string store, string bus, CancellationToken cancellationToken)
    {
        var installation = new Installation();
        try
        {
            await installation.BuildAsync(fleet, store, bus, cancellationToken);
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>How far the work has come, as the store has it.</summary>
    public async Task<Progress> ProgressAsync(CancellationToken cancellationToken)
    {
        await using var scope = store.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        return new Progress(
            await context.Alerts.CountAsync(alert => alert.IncidentId != null, cancellationToken),
            await context.Inbox.CountAsync(cancellationToken),
            await context.Incidents.CountAsync(incident => incident.DrawnVersion < incident.Version, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task BuildAsync(Fleet fleet, string storeKind, string bus, CancellationToken cancellationToken)
    {
        Surroundings = Keep(await Surroundings.StartAsync(fleet.Story, cancellationToken));

        // Slack's own limit of a post a second would be all that is measured.
        var settings = Surroundings.Settings(new KeyValuePair<string, string>("Slack__PostsPerSecond", "1000"));
        if (storeKind == Postgres)
        {
            var server = Keep(await PostgresServer.StartNewAsync(cancellationToken));
            settings["ConnectionStrings__Incidents"] = await server.CreateDatabaseAsync(cancellationToken: cancellationToken);
        }

        if (bus == RabbitMq)
        {
            settings["ConnectionStrings__RabbitMq"] = Keep(await RabbitMqServer.StartNewAsync(cancellationToken)).ConnectionString;
        }

        store = Keep(new ServiceCollection()
            .AddLogging()
            .AddIncidents(new ConfigurationBuilder()
                .AddInMemoryCollection([new("ConnectionStrings:Incidents", settings["ConnectionStrings__Incidents"])])
                .Build())
            .BuildServiceProvider());
        Pipeline = Keep(await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: cancellationToken));
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Push(part);
        return part;
    }

    private T Ask<T>(Func<Process, T> question)
    {
        using var process = Process.GetProcessById(Pipeline.ProcessId);
        return question(process);
    }

    /// <param name="Alerts">Alerts that are part of an incident.</param>
    /// <param name="Inbox">Alerts that are accepted and not yet part of one.</param>
    /// <param name="Undrawn">Incidents whose message is not up to date.</param>
    internal sealed record Progress(int Alerts, int Inbox, int Undrawn);
}
