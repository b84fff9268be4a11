using System.CommandLine;
using AlertResponder.Host.Demo;

namespace AlertResponder.Host.Commands;

/// <summary>The commands: <c>run</c>, which is the default, and <c>demo</c>.</summary>
internal static class CommandLine
{
    public static RootCommand Root()
    {
        var root = new RootCommand("Alert Responder: from an Alertmanager alert to one Slack message that says what is broken and why.")
        {
            Run(new Command("run", "Runs the pipeline (the default).")),
            Demo(),
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

    private static Command Demo()
    {
        var command = new Command("demo", "Shows the pipeline at work on a simulated cluster: no account, no cluster needed.");
        command.SetAction((_, cancellationToken) => DemoCommand.ExecuteAsync(cancellationToken));
        return command;
    }
}
