using System.Globalization;
using System.Net;
using AlertResponder.Host.Commands;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Slack;

namespace AlertResponder.Host.Lab;

/// <summary>Runs the simulators by themselves, for a pipeline, kubectl or any other client in another process.</summary>
internal static class SimulateCommand
{
    private const string BotToken = "xoxb-simulated";
    private const string AppToken = "xapp-simulated";
    private const string AccessKey = "AKIASIMULATED";
    private const string SecretKey = "simulated-secret";
    private const string Region = "us-east-1";

    /// <param name="manifests">A folder with manifests and logs; null for the price-scraper's story.</param>
    /// <param name="listenOn">The address to listen on; loopback unless a container's network needs another.</param>
    /// <param name="firstPort">The cluster's port; Slack and Bedrock have the next two.</param>
    /// <param name="kubeconfig">Where the kubeconfig is written.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ExecuteAsync(string? manifests, IPAddress listenOn, int firstPort, string kubeconfig, CancellationToken cancellationToken)
    {
        if (manifests is not null && !Directory.Exists(manifests))
        {
            await System.Console.Error.WriteLineAsync($"There is no folder {manifests}.");
            return ExitCodes.BadUsage;
        }

        var story = manifests is null ? Stories.PriceScraper : Story.FromDirectory(manifests);
        await using var cluster = await ClusterSimulator.StartAsync(story, listenOn: new IPEndPoint(listenOn, firstPort), cancellationToken: cancellationToken);
        await using var slack = await SlackSimulator.StartAsync(
            BotToken, listenOn: new IPEndPoint(listenOn, firstPort + 1), appToken: AppToken, cancellationToken: cancellationToken);
        await using var bedrock = await BedrockSimulator.StartAsync(
            AccessKey, SecretKey, Region, listenOn: new IPEndPoint(listenOn, firstPort + 2), cancellationToken: cancellationToken);
        bedrock.AnswerWith(RuleMadeAnswer.To);
        cluster.WriteKubeconfig(kubeconfig);
        await System.Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # A simulated cluster, Slack and Bedrock run until Ctrl+C. For the pipeline in another terminal:
            export KUBECONFIG={Path.GetFullPath(kubeconfig)}
            export Slack__BotToken={BotToken} Slack__Channel={SlackSimulator.AlertsChannel} Slack__ApiUrl={slack.ApiUrl}
            export AWS_ACCESS_KEY_ID={AccessKey} AWS_SECRET_ACCESS_KEY={SecretKey} Bedrock__Region={Region}
            export AWS_ENDPOINT_URL_BEDROCK_RUNTIME={bedrock.Address}
            # The model's answers are made by a rule: it repeats what it is told.
            """));
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }

        return ExitCodes.Done;
    }
}
