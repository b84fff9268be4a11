using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Slack;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>What the pipeline talks to in a test: a simulated cluster and Slack, over real HTTP.</summary>
public sealed class Surroundings : IAsyncDisposable
{
    private const string BotToken = "xoxb-end-to-end";
    private const string AppToken = "xapp-end-to-end";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("alert-responder-e2e-");

    private Surroundings(ClusterSimulator cluster, SlackSimulator slack)
    {
        Cluster = cluster;
        Slack = slack;
        cluster.WriteKubeconfig(Kubeconfig);
    }

    public ClusterSimulator Cluster { get; }

    public SlackSimulator Slack { get; }

    /// <summary>The further settings with which a pipeline takes clicks, both ways.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Clicking { get; } =
        [new("Slack__AppToken", AppToken), new("Slack__SigningSecret", SlackSimulator.DefaultSigningSecret)];

    /// <summary>A file of the test's own for SQLite.</summary>
    public string SqliteStore => $"Data Source={Path.Combine(folder.FullName, "pipeline.db")}";

    private string Kubeconfig => Path.Combine(folder.FullName, "kubeconfig");

    public static async Task<Surroundings> StartAsync(Story story, CancellationToken cancellationToken) =>
        new(await ClusterSimulator.StartAsync(story, cancellationToken: cancellationToken), await SlackSimulator.StartAsync(BotToken, appToken: AppToken, cancellationToken: cancellationToken));

    /// <summary>The pipeline's settings, as environment variables have them.</summary>
    public Dictionary<string, string> Settings(params IEnumerable<KeyValuePair<string, string>> more)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["KUBECONFIG"] = Kubeconfig,
            ["Slack__BotToken"] = BotToken,
            ["Slack__Channel"] = SlackSimulator.AlertsChannel,
            ["Slack__ApiUrl"] = Slack.ApiUrl.ToString(),
            ["ConnectionStrings__Incidents"] = SqliteStore,
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    /// <summary>The one message of an incident in the channel, once it satisfies the condition; fails at once when there is a second one.</summary>
    public async Task<SlackMessage> MessageAsync(Func<SlackMessage, bool> until, string expectation, CancellationToken cancellationToken, TimeSpan? within = null)
    {
        var messages = await Servers.Eventually.ReadsAsync(
            _ => Task.FromResult(Slack.Messages.Where(message => !message.IsNote()).ToList()),
            messages => messages.Count > 1 || (messages.Count == 1 && until(messages[0])),
            expectation,
            within,
            cancellationToken);
        return messages.ShouldHaveSingleItem();
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Slack.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
