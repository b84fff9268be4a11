using System.CommandLine;
using AlertResponder.Tests.Benchmarks.Trace;

namespace AlertResponder.Tests.Benchmarks;

/// <summary>The command line: <c>latency</c>, <c>storm</c> or <c>trace</c>, and what the pipeline runs on.</summary>
internal static class BenchmarkCommand
{
    public static RootCommand Root() => new("Measures the pipeline, on simulators. Ends with 1 when a goal is missed.")
    {
        Command("latency", "Twenty alerts a second, each about another workload: how long until Slack has the post.", LoadProfile.Latency),
        Trace(),
        Command("storm", "10,000 alerts about 500 workloads in a minute: nothing lost, nothing twice, bounded memory.", LoadProfile.Storm),
    };

    private static Command Trace()
    {
        var seed = new Option<int>("--seed") { Description = "Another month.", DefaultValueFactory = _ => 1 };
        var command = new Command("trace", "Thirty days of fifty alerts through the analysis: what the model costs.") { seed };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var result = await TraceTest.RunAsync(parsed.GetValue(seed), cancellationToken);
            await result.WriteAsync();
            return result.Missed().Any() ? 1 : 0;
        });
        return command;
    }

    private static Command Command(string name, string description, LoadProfile profile)
    {
        var store = new Option<string>("--store") { Description = "Where incidents are kept.", DefaultValueFactory = _ => Installation.Sqlite };
        store.AcceptOnlyFromAmong(Installation.Sqlite, Installation.Postgres);
        var bus = new Option<string>("--bus") { Description = "What carries the messages.", DefaultValueFactory = _ => Installation.InMemory };
        bus.AcceptOnlyFromAmong(Installation.InMemory, Installation.RabbitMq);
        var command = new Command(name, description) { store, bus };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var result = await LoadTest.RunAsync(profile, parsed.GetValue(store)!, parsed.GetValue(bus)!, cancellationToken);
            await Report.WriteAsync(profile, result);
            return profile.Missed(result).Any() ? 1 : 0;
        });
        return command;
    }
}
