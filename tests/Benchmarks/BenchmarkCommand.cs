using System.CommandLine;
using AlertResponder.Tests.Benchmarks.Trace;

namespace AlertResponder.Tests.Benchmarks;

/// <summary>The command line: <c>latency</c>, <c>million</c>, <c>storm</c> or <c>trace</c>, and what the pipeline runs on.</summary>
internal static class BenchmarkCommand
{
    private static readonly Option<string> Store = OneOf("--store", "Where incidents are kept.", Setup.Sqlite, Setup.Postgres);
    private static readonly Option<string> Bus = OneOf("--bus", "What carries the messages.", Setup.InMemory, Setup.RabbitMq);

    private static readonly Option<string> Host = new("--host")
    {
        Description = "The folder that the Host was published to. Without it, the one that was built with this program.",
        DefaultValueFactory = _ => AppContext.BaseDirectory,
    };

    private static readonly Option<string[]> Environment = new("--env")
    {
        Description = "A setting of the Host's process, NAME=VALUE.",
        DefaultValueFactory = _ => [],
    };

    public static RootCommand Root() => new("Measures the pipeline, on simulators. Ends with 1 when a goal is missed.")
    {
        Command("latency", "Twenty alerts a second, each about another workload: how long until Slack has the post.", LoadProfile.Latency),
        Command("million", "The same with a million past incidents in the store, of which the oldest are deleted meanwhile.", LoadProfile.Million),
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
        var command = new Command(name, description) { Store, Bus, Host, Environment };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var result = await LoadTest.RunAsync(profile, SetupOf(parsed), cancellationToken);
            await Report.WriteAsync(profile, result);
            return profile.Missed(result).Any() ? 1 : 0;
        });
        return command;
    }

    private static Setup SetupOf(ParseResult parsed) => new(
        parsed.GetValue(Store)!,
        parsed.GetValue(Bus)!,
        Path.GetFullPath(parsed.GetValue(Host)!),
        parsed.GetValue(Environment)!.Select(setting => setting.Split('=', 2)).ToDictionary(setting => setting[0], setting => setting[^1], StringComparer.Ordinal));

    private static Option<string> OneOf(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
