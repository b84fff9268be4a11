using System.CommandLine;
using System.Net;
using AlertResponder.Host.Demo;

namespace AlertResponder.Host.Commands;

/// <summary>The commands: <c>run</c>, which is the default, <c>demo</c>, <c>simulate</c> and <c>health</c>.</summary>
internal static class CommandLine
{
    public static RootCommand Root()
    {
        var root = new RootCommand("Alert Responder: from an Alertmanager alert to one Slack message that says what is broken and why.")
        {
            Run(new Command("run", "Runs the pipeline (the default).")),
            Demo(),
            Simulate(),
            Health(),
        };
        Run(root);
        return root;
    }

    private static Command Run(Command command)
    {
        var roles = new Option<string?>("--roles")
        {
            Description = "The stages of this process, separated by commas: gateway, enrichment, analysis, notification, remediation. All without it.",
        };
        command.Options.Add(roles);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) => RunCommand.ExecuteAsync(parsed.GetValue(roles), [.. parsed.UnmatchedTokens], cancellationToken));
        return command;
    }

    private static Command Simulate()
    {
        var manifests = new Option<string?>("--manifests") { Description = "A folder with manifests (with status) and logs; the price-scraper's story without it." };
        var listenOn = new Option<IPAddress>("--listen")
        {
            Description = "The address to listen on.",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result => IPAddress.TryParse(result.Tokens.Single().Value, out var address) ? address : Refuse<IPAddress>(result, "--listen takes an IP address."),
        };
        var port = new Option<int>("--port") { Description = "The cluster's port; Slack and Bedrock have the next two.", DefaultValueFactory = _ => 18001 };
        var kubeconfig = new Option<string>("--kubeconfig") { Description = "Where the kubeconfig is written.", DefaultValueFactory = _ => "simulated-kubeconfig" };
        var command = new Command("simulate", "Runs a simulated cluster, Slack and Bedrock for a pipeline in another process.") { manifests, listenOn, port, kubeconfig };
        command.SetAction((parsed, cancellationToken) => SimulateCommand.ExecuteAsync(
            parsed.GetValue(manifests), parsed.GetValue(listenOn)!, parsed.GetValue(port), parsed.GetValue(kubeconfig)!, cancellationToken));
        return command;
    }

    private static Command Health()
    {
        var address = new Argument<Uri>("address")
        {
            Description = "What must answer 2xx.",
            DefaultValueFactory = _ => new Uri($"{Pipeline.DefaultAddress}/healthz/ready"),
            CustomParser = result => Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : Refuse<Uri>(result, "health takes an http address."),
        };
        var command = new Command("health", "Asks a running process whether it is ready: the exit code is 0 if so. For containers' health checks.") { address };
        command.SetAction((parsed, cancellationToken) => HealthCommand.ExecuteAsync(parsed.GetValue(address)!, cancellationToken));
        return command;
    }

    private static T? Refuse<T>(System.CommandLine.Parsing.ArgumentResult result, string why)
    {
        result.AddError(why);
        return default;
    }

    private static Command Demo()
    {
        var command = new Command("demo", "Shows the pipeline at work on a simulated cluster: no account, no cluster needed.");
        command.SetAction((_, cancellationToken) => DemoCommand.ExecuteAsync(cancellationToken));
        return command;
    }
}
