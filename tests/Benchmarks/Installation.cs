using System.Diagnostics;
using AlertResponder.Tests.EndToEnd;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.Benchmarks;

/// <summary>The pipeline as a process of its own, with the simulators in this one and servers for it alone.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> parts = new();
    public Surroundings Surroundings { get; private set; } = null!;

    public PipelineProcess Pipeline { get; private set; } = null!;

    public StoreView Store { get; private set; } = null!;

    /// <summary>Of the pipeline's process, since its start.</summary>
    public TimeSpan Processor => Ask(process => process.TotalProcessorTime);

    /// <inheritdoc cref="LoadResult.PeakMemoryBytes"/>
    public long PeakMemoryBytes => Ask(process => process.PeakWorkingSet64);

    public static async Task<Installation> StartAsync(Fleet fleet, int pastIncidents, Setup setup, CancellationToken cancellationToken)
    {
        var installation = new Installation();
        try
        {
            await installation.BuildAsync(fleet, pastIncidents, setup, cancellationToken);
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task BuildAsync(Fleet fleet, int pastIncidents, Setup setup, CancellationToken cancellationToken)
    {
        Surroundings = Keep(await Surroundings.StartAsync(fleet.Story, cancellationToken));

        // Slack's own limit of a post a second would be all that is measured.
        var settings = Surroundings.Settings([new("Slack__PostsPerSecond", "1000"), .. setup.Environment]);
        if (setup.Store == Setup.Postgres)
        {
            var server = Keep(await PostgresServer.StartNewAsync(cancellationToken));
            settings["ConnectionStrings__Incidents"] = await server.CreateDatabaseAsync(cancellationToken: cancellationToken);
        }

        if (setup.Bus == Setup.RabbitMq)
        {
            settings["ConnectionStrings__RabbitMq"] = Keep(await RabbitMqServer.StartNewAsync(cancellationToken)).ConnectionString;
        }

        Store = Keep(new StoreView(settings["ConnectionStrings__Incidents"]));
        Pipeline = Keep(await PipelineProcess.StartNewAsync(new PipelineProcess(environment: settings) { HostFolder = setup.Host }, cancellationToken));
        if (pastIncidents > 0)
        {
            await Pipeline.StopAsync();
            await Store.FillAsync(pastIncidents, cancellationToken);
            await Pipeline.StartAsync(cancellationToken);
        }
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
}
