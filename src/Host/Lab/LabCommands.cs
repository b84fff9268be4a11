using System.CommandLine;
using System.Net;
using AlertResponder.Host.Commands;
using AlertResponder.Host.Lab.Demo;
using AlertResponder.Host.Lab.Evaluation;

namespace AlertResponder.Host.Lab;

/// <summary>The commands on simulated services, to try and to measure the pipeline with. The image that runs it has none of them.</summary>
internal static class LabCommands
{
    public static IEnumerable<Command> All() => [Demo(), Simulate(), Evaluate()];

    private static Command Demo()
    {
        var command = new Command("demo", "Shows the pipeline at work on a simulated cluster: no account, no cluster needed.");
        CommandLine.TakeNothing(command, (_, cancellationToken) => DemoCommand.ExecuteAsync(cancellationToken));
        return command;
    }

    private static Command Simulate()
    {
        var manifests = new Option<string?>("--manifests") { Description = "A folder with manifests (with status) and logs; the price-scraper's story without it." };
        var listenOn = new Option<IPAddress>("--listen")
        {
            Description = "The address to listen on.",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result => IPAddress.TryParse(result.Tokens.Single().Value, out var address) ? address : CommandLine.Refuse<IPAddress>(result, "--listen takes an IP address."),
        };
        var port = new Option<int>("--port") { Description = "The cluster's port; Slack and Bedrock have the next two.", DefaultValueFactory = _ => 18001 };
        var kubeconfig = new Option<string>("--kubeconfig") { Description = "Where the kubeconfig is written.", DefaultValueFactory = _ => "simulated-kubeconfig" };
        var command = new Command("simulate", "Runs a simulated cluster, Slack and Bedrock for a pipeline in another process.") { manifests, listenOn, port, kubeconfig };
        CommandLine.TakeNothing(command, (parsed, cancellationToken) => SimulateCommand.ExecuteAsync(
            parsed.GetValue(manifests), parsed.GetValue(listenOn)!, parsed.GetValue(port), parsed.GetValue(kubeconfig)!, cancellationToken));
        return command;
    }

    private static Command Evaluate()
    {
        var directory = new Argument<string>("DIRECTORY") { Description = "A scenario (alert.json, cluster.yaml, logs, expected.yml), or a folder with scenarios below it." };
        var model = new Option<EvaluationModel>("--model")
        {
            Description = "Who helps the rules: none, simulated, or bedrock (which costs money).",
            DefaultValueFactory = _ => EvaluationModel.None,
            CustomParser = result => Enum.TryParse<EvaluationModel>(result.Tokens.Single().Value, ignoreCase: true, out var chosen) && Enum.IsDefined(chosen)
                ? chosen
                : CommandLine.Refuse<EvaluationModel>(result, "--model takes none, simulated or bedrock."),
        };
        var show = new Option<string[]>("--show") { Description = "Prints the cards of the scenarios whose names contain this.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<string?>("--json") { Description = "Writes the results to this file." };
        var command = new Command("evaluate", $"Runs scenarios through the stages on simulated clusters and prints how many cards say what they should. {CommandLine.SettingsHelp}") { directory, model, show, json };
        CommandLine.TakeSettings(command, (parsed, settings, cancellationToken) => EvaluateCommand.ExecuteAsync(
            parsed.GetValue(directory)!, parsed.GetValue(model), parsed.GetValue(show) ?? [], parsed.GetValue(json), settings, parsed.InvocationConfiguration.Error, cancellationToken));
        return command;
    }
}
