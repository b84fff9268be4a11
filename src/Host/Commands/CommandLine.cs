using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AlertResponder.Host.Audit;
using AlertResponder.Host.DeadLetters;
using AlertResponder.Host.Doctor;
using AlertResponder.Host.Settings;

namespace AlertResponder.Host.Commands;

/// <summary>The commands; <c>run</c> is the default.</summary>
internal static class CommandLine
{
    internal const string SettingsHelp = "Settings follow as --Section:Name=value.";

    // The host ends by itself on SIGTERM, after the messages in hand; the command line's own two seconds would cut them off.
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(60);

    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TerminationTimeout });
        return parsed.Errors.Count > 0 ? ExitCodes.BadUsage : exitCode;
    }

    public static RootCommand Root()
    {
        var root = new RootCommand($"Alert Responder: from an Alertmanager alert to one Slack message that says what is broken and why. {SettingsHelp}")
        {
            Run(new Command("run", $"Runs the pipeline (the default). {SettingsHelp}")),
            Doctor(),
            Replay(),
            DeadLetters(),
            Audit(),
            Rbac(),
            Health(),
        };
        Run(root);
#if LAB
        foreach (var command in Lab.LabCommands.All())
        {
            root.Subcommands.Add(command);
        }
#endif
        return root;
    }

    private static Command Run(Command command)
    {
        var roles = Roles();
        command.Options.Add(roles);
        TakeSettings(command, (parsed, settings, cancellationToken) => RunCommand.ExecuteAsync([.. settings, .. RoleSetting(parsed.GetValue(roles))], cancellationToken));
        return command;
    }

    private static Command Doctor()
    {
        var roles = Roles();
        var timeout = new Option<int>("--timeout")
        {
            Description = "How long each thing may take to answer, in seconds.",
            DefaultValueFactory = _ => 10,
            CustomParser = result => Number(result, "--timeout", 300),
        };
        var command = new Command(
            "doctor", $"Tries everything that is configured and says what is well and how to mend what is not; it changes nothing. {SettingsHelp}") { roles, timeout };
        TakeSettings(command, (parsed, settings, cancellationToken) => DoctorCommand.ExecuteAsync(
            [.. settings, .. RoleSetting(parsed.GetValue(roles))], TimeSpan.FromSeconds(parsed.GetValue(timeout)), cancellationToken));
        return command;
    }

    private static Command Replay()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Recorded webhooks, posted one after the other; - is the standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var url = new Option<Uri?>("--url")
        {
            Description = "The gateway; ASPNETCORE_URLS or http://localhost:8080 without it. Its path is /webhooks/alertmanager unless given.",
            CustomParser = result => Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? address
                : Refuse<Uri>(result, "--url takes an address such as http://localhost:8080."),
        };
        var now = new Option<bool>("--now") { Description = "Moves the alerts' times so that the newest of all these files is now." };
        var command = new Command("replay", $"Posts recorded webhooks to a running gateway, with Gateway:WebhookToken if that is set. {SettingsHelp}") { files, url, now };
        TakeSettings(command, files, (parsed, given, settings, cancellationToken) =>
            ReplayCommand.ExecuteAsync(
                given, parsed.GetValue(url), parsed.GetValue(now), settings, parsed.InvocationConfiguration, TimeProvider.System, cancellationToken));
        return command;
    }

    private static Command DeadLetters()
    {
        var limit = new Option<int>("--limit")
        {
            Description = "How many messages of a queue are shown.",
            DefaultValueFactory = _ => 20,
            CustomParser = result => Number(result, "--limit", 1000),
        };
        var list = new Command("list", $"Shows the messages in the stages' error queues, which stay there. {SettingsHelp}") { limit };
        TakeSettings(list, (parsed, settings, cancellationToken) => DeadLettersCommand.ListAsync(parsed.GetValue(limit), settings, parsed.InvocationConfiguration, cancellationToken));

        var stages = new Argument<string[]>("STAGE")
        {
            Description = $"Whose messages: {string.Join(", ", DeadLetterQueues.Stages)}; all without it.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var replay = new Command("replay", $"Gives the messages in the error queues to their stages again. {SettingsHelp}") { stages };
        TakeSettings(replay, stages, (parsed, given, settings, cancellationToken) =>
            DeadLettersCommand.ReplayAsync(given, settings, parsed.InvocationConfiguration, cancellationToken));
        return new Command("dead-letters", "Lists and replays the messages that a stage could not handle (RabbitMQ).") { list, replay };
    }

    private static Command Audit()
    {
        var known = new Option<string?>("--known")
        {
            Description = "A row and its hash as an earlier verification printed them, SEQUENCE:HASH; finds a chain that was rewritten as a whole.",
            CustomParser = result => AuditCommand.IsPlace(result.Tokens.Single().Value)
                ? result.Tokens.Single().Value
                : Refuse<string>(result, "--known takes SEQUENCE:HASH, such as verify prints."),
        };
        var verify = new Command("verify", $"Recomputes the chain of hashes over the audit trail: exit code 0 if no row was changed, put in or removed. {SettingsHelp}") { known };
        TakeSettings(verify, (parsed, settings, cancellationToken) =>
            AuditCommand.VerifyAsync(parsed.GetValue(known), settings, parsed.InvocationConfiguration, cancellationToken));

        var after = new Option<long>("--after") { Description = "Only the rows after this one." };
        var export = new Command("export", $"Prints the audit trail, one JSON object a line. {SettingsHelp}") { after };
        TakeSettings(export, (parsed, settings, cancellationToken) =>
            AuditCommand.ExportAsync(parsed.GetValue(after), settings, parsed.InvocationConfiguration, cancellationToken));
        return new Command("audit", "Verifies and exports the audit trail: who asked for what, and what came of it.") { verify, export };
    }

    private static Command Rbac()
    {
        var namespaces = new Option<string>("--namespaces") { Description = "The namespaces that are opted in, separated by commas.", Required = true };
        var actions = new Option<string?>("--actions") { Description = "The actions, separated by commas; all without it." };
        var account = new Option<string>("--service-account")
        {
            Description = "The account that remediation runs as, namespace/name.",
            DefaultValueFactory = _ => RbacCommand.DefaultAccount,
        };
        var nodes = new Option<bool>("--nodes") { Description = "Nodes are opted in, too (Remediation:Nodes)." };
        var mappedUsers = new Option<bool>("--mapped-users") { Description = "Approvers have a KubernetesUser, whose rights are asked." };
        var command = new Command("rbac", "Prints manifests that let remediation do what is opted in, and nothing else.") { namespaces, actions, account, nodes, mappedUsers };
        TakeNothing(command, (parsed, _) => RbacCommand.ExecuteAsync(
            parsed.GetValue(namespaces)!, parsed.GetValue(actions), parsed.GetValue(account)!, parsed.GetValue(nodes), parsed.GetValue(mappedUsers), parsed.InvocationConfiguration));
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

    private static Option<string?> Roles() => new("--roles")
    {
        Description = "The stages of this process, separated by commas: gateway, enrichment, analysis, notification, remediation. All without it.",
    };

    private static string[] RoleSetting(string? roles) => roles is null ? [] : [$"--Roles={roles}"];

    private static int Number(ArgumentResult result, string option, int most) =>
        int.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : Refuse<int>(result, $"{option} takes a number from 1 to {most}.");

    internal static T? Refuse<T>(ArgumentResult result, string why)
    {
        result.AddError(why);
        return default;
    }

    // The root takes settings, which are no options that the command line knows; so it complains of nothing, here neither.
    internal static void TakeNothing(Command command, Func<ParseResult, CancellationToken, Task<int>> action) => command.SetAction(async (parsed, cancellationToken) =>
    {
        if (parsed.UnmatchedTokens is not [var wrong, ..])
        {
            return await action(parsed, cancellationToken);
        }

        await parsed.InvocationConfiguration.Error.WriteLineAsync($"'{wrong}' is no option of {command.Name}. See {command.Name} --help.");
        return ExitCodes.BadUsage;
    });

    // A setting arrives unmatched ...
    internal static void TakeSettings(Command command, Func<ParseResult, string[], CancellationToken, Task<int>> action)
    {
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) =>
            WithSettingsAsync([.. parsed.UnmatchedTokens], parsed.InvocationConfiguration.Error, settings => action(parsed, settings, cancellationToken)));
    }

    // ... or, where there are arguments, among these.
    private static void TakeSettings(Command command, Argument<string[]> argument, Func<ParseResult, string[], string[], CancellationToken, Task<int>> action)
    {
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) =>
        {
            var given = parsed.GetValue(argument)!.ToLookup(value => value.StartsWith("--", StringComparison.Ordinal));
            return WithSettingsAsync(
                [.. given[true], .. parsed.UnmatchedTokens],
                parsed.InvocationConfiguration.Error,
                settings => action(parsed, [.. given[false]], settings, cancellationToken));
        });
    }

    private static async Task<int> WithSettingsAsync(string[] settings, TextWriter errors, Func<string[], Task<int>> action)
    {
        if (Array.Find(settings, setting => !setting.StartsWith("--", StringComparison.Ordinal) || !setting.Contains('=', StringComparison.Ordinal)) is { } wrong)
        {
            await errors.WriteLineAsync($"'{wrong}' is neither a command nor a setting (--Section:Name=value). See --help.");
            return ExitCodes.BadUsage;
        }

        try
        {
            return await action(settings);
        }
        catch (SettingsException e)
        {
            await errors.WriteLineAsync($"The configuration has {e.Errors.Count} error{(e.Errors.Count == 1 ? "" : "s")}:");
            foreach (var error in e.Errors)
            {
                await errors.WriteLineAsync($"  {error}");
            }

            return ExitCodes.BadUsage;
        }
    }
}
