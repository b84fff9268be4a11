using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Every role in its own process, each killed while it works at a storm of alerts.</summary>
public sealed class KilledRolesTests(SharedServers servers)
{
    private const int Pods = 4;
    private const int Posters = 4;
    private const string Region = "us-east-1";

    // Roles start again meanwhile, all at once.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    private static readonly string[] Deployments = [.. Enumerable.Range(0, 12).Select(n => $"web-{n.ToString("00", CultureInfo.InvariantCulture)}")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachRoleKilledDuringAStorm_EverySubjectHasOneMessageWithAllItsAlerts()
    {
        var virtualHost = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
        await using var surroundings = await Surroundings.StartAsync(CrashingDeployments.Story(Deployments), Cancel);
        await using var bedrock = await BedrockSimulator.StartAsync("AKIASTORM", "secret-of-the-storm", Region, cancellationToken: Cancel);
        bedrock.AnswerWith(RuleMadeAnswer.To);
        var settings = surroundings.Settings(
            new("ConnectionStrings__RabbitMq", virtualHost.ConnectionString),
            new("ConnectionStrings__Incidents", database),
            new("AWS_ACCESS_KEY_ID", "AKIASTORM"),
            new("AWS_SECRET_ACCESS_KEY", "secret-of-the-storm"),
            new("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.Address.ToString()),
            new("Bedrock__Region", Region));
        await using var gateway = await PipelineProcess.StartNewAsync(["--roles", "gateway"], settings, Cancel);
        await using var enrichment = await PipelineProcess.StartNewAsync(["--roles", "enrichment"], settings, Cancel);
        await using var analysis = await PipelineProcess.StartNewAsync(["--roles", "analysis"], settings, Cancel);
        await using var notification = await PipelineProcess.StartNewAsync(["--roles", "notification"], settings, Cancel);
        await using var remediation = await PipelineProcess.StartNewAsync(["--roles", "remediation"], settings, Cancel);

        // What a role waits for does not come until it is killed: so it dies halfway, with work in hand.
        var clusterHangs = surroundings.Cluster.Faults.Always(Fault.Hang);
        var modelHangs = bedrock.Faults.Always(Fault.Hang);
        var storm = new Storm(gateway, Deployments.SelectMany(deployment => CrashingDeployments.Alerts(deployment, Pods)));
        await Task.WhenAll(
            storm.PostAsync(),
            KillAsync(gateway, () => storm.Accepted >= 20),
            KillAsync(enrichment, () => surroundings.Cluster.Requests.Count > 0, clusterHangs),
            KillAsync(analysis, () => bedrock.Requests.Count > 0, modelHangs),
            // Whoever else waits for his turn to post has claimed the message before.
            KillAsync(notification, () => surroundings.Slack.Messages.Count >= 3),
            KillAsync(remediation, () => storm.Accepted > 0));
        storm.Refused.ShouldBeGreaterThan(0, "webhooks met the killed gateway");

        var messages = await Eventually.ReadsAsync(
            _ => Task.FromResult(surroundings.Slack.Messages.Select(message => message.Shown()).ToList()),
            messages => messages.Count > Deployments.Length || Deployments.All(deployment => messages.Any(message => TellsAllOf(deployment, message))),
            "every deployment has a message that tells of all its alerts",
            // A message that was claimed by the killed process is taken up by the watchdog, after a minute without progress.
            Patience,
            Cancel);
        messages.Count.ShouldBe(Deployments.Length, "one message each");
        surroundings.Cluster.AssertNoUnexpectedCalls();
        surroundings.Slack.AssertNoUnexpectedCalls();
        bedrock.AssertNoUnexpectedCalls();
    }

    private static bool TellsAllOf(string deployment, string message) =>
        message.Contains($"Deployment {CrashingDeployments.Namespace}/{deployment}", StringComparison.Ordinal)
        && message.Contains($"KubePodCrashLooping ×{Pods.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal)
        && message.Contains("KubeDeploymentReplicasMismatch", StringComparison.Ordinal);

    private static async Task KillAsync(PipelineProcess role, Func<bool> when, IDisposable? outage = null)
    {
        await Eventually.TrueAsync(_ => Task.FromResult(when()), "the role is at work", Patience, Cancel);
        await role.KillAsync();
        outage?.Dispose();
        await role.StartAsync(Cancel);
    }

    /// <summary>Posts each alert as Alertmanager does: again until there is a 2xx.</summary>
    private sealed class Storm(PipelineProcess gateway, IEnumerable<Dictionary<string, string>> alerts)
    {
        private readonly ConcurrentQueue<Dictionary<string, string>> left = new(alerts);
        private int accepted;
        private int refused;

        public int Accepted => Volatile.Read(ref accepted);

        public int Refused => Volatile.Read(ref refused);

        public async Task PostAsync() => await Task.WhenAll(Enumerable.Range(0, Posters).Select(_ => PostAllAsync()));

        private async Task PostAllAsync()
        {
            using var http = new HttpClient();
            while (left.TryDequeue(out var labels))
            {
                var webhook = CrashingDeployments.Webhook(labels, TimeProvider.System.GetUtcNow());
                await Eventually.TrueAsync(token => PostOnceAsync(http, webhook, token), "the webhook is accepted", Patience, Cancel);
                Interlocked.Increment(ref accepted);
            }
        }

        private async Task<bool> PostOnceAsync(HttpClient http, string webhook, CancellationToken cancellationToken)
        {
            try
            {
                using var content = new StringContent(webhook, MediaTypeHeaderValue.Parse("application/json"));
                using var response = await http.PostAsync(new Uri(gateway.Url, "webhooks/alertmanager"), content, cancellationToken);
                response.EnsureSuccessStatusCode();
                return true;
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref refused);
                throw;
            }
        }
    }
}
