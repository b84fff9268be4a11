using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Each payload that a real Alertmanager sent gets the right answer.</summary>
public sealed class PayloadTests
{
    private const string Cluster =
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: cardboard}}
        ---
        {apiVersion: v1, kind: Namespace, metadata: {name: trade-bot}}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: price-scraper, namespace: cardboard}
        spec:
          schedule: "*/10 * * * *"
          jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: scraper, image: "registry.example/price-scraper:1"}]}}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: trade-bot, namespace: trade-bot}
        spec:
          replicas: 25
          selector: {matchLabels: {app: trade-bot}}
          template: {metadata: {labels: {app: trade-bot}}, spec: {containers: [{name: bot, image: "registry.example/trade-bot:2"}]}}
        status: {replicas: 25, updatedReplicas: 25, unavailableReplicas: 25}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: trade-bot-7d9f8b6c5
          namespace: trade-bot
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: trade-bot, uid: d1, controller: true}]
        spec: {replicas: 25, selector: {matchLabels: {app: trade-bot}}}
        status: {replicas: 25}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: k3s-agent-2}
        status:
          nodeInfo: {architecture: arm64, bootID: b, containerRuntimeVersion: c, kernelVersion: k, kubeProxyVersion: p, kubeletVersion: v1.32.0, machineID: m, operatingSystem: linux, osImage: o, systemUUID: s}
          allocatable: {cpu: "4", memory: 7816Mi}
          conditions:
          - {type: Ready, status: Unknown, reason: NodeStatusUnknown, message: Kubelet stopped posting node status., lastTransitionTime: "{{now-20m}}", lastHeartbeatTime: "{{now-21m}}"}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watchdog_OpensNothing()
    {
        await using var surroundings = await StartAsync();
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);

        await PostAsync(pipeline, Payloads.Read("firing-watchdog.json"));

        // What comes after it in the same queues has been told when the second message would have been.
        await PostAsync(pipeline, Payloads.Read("firing-node.json"));
        var message = await surroundings.MessageAsync(message => message.IsOpen(), "the node's message is posted", Cancel);
        message.Shown().ShouldContain("Node k3s-agent-2");
    }

    [Fact]
    public async Task Node_IsTheSubjectAndItsConditionTheCause()
    {
        await using var surroundings = await StartAsync();
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);

        await PostAsync(pipeline, Payloads.Read("firing-node.json"));

        var message = await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel);
        message.Shown().ShouldContain("Node k3s-agent-2");
        message.Shown().ShouldContain("Kubelet stopped posting node status");
        surroundings.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task FiringThenResolved_PodAlreadyGone_OneMessageOfTheCronJobInItsFinalState()
    {
        await using var surroundings = await StartAsync();
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);

        await PostAsync(pipeline, Payloads.Read("firing-single.json"));
        var open = await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel);
        open.Shown().ShouldContain("CronJob cardboard/price-scraper");

        await PostAsync(pipeline, Payloads.Read("resolved-single.json"));
        var resolved = await surroundings.MessageAsync(message => message.IsResolved(), "the message says resolved", Cancel);
        resolved.Ts.ShouldBe(open.Ts);
    }

    [Fact]
    public async Task ResolvedBeforeFiring_ResolvedWins_NothingIsTold()
    {
        await using var surroundings = await StartAsync();
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);

        await PostAsync(pipeline, Payloads.Read("resolved-single.json"));
        await Eventually.TrueAsync(_ => Task.FromResult(pipeline.Output.Contains("was resolved before it was seen firing", StringComparison.Ordinal)), "it is remembered", cancellationToken: Cancel);
        await PostAsync(pipeline, Payloads.Read("firing-single.json"));
        await PostAsync(pipeline, Payloads.Read("firing-node.json"));

        var message = await surroundings.MessageAsync(message => message.IsOpen(), "the node's message is posted", Cancel);
        message.Shown().ShouldContain("Node k3s-agent-2");
    }

    [Fact]
    public async Task TwentyFivePodsOfOneWorkload_TruncatedGroups_OneIncidentOneMessage()
    {
        await using var surroundings = await StartAsync();
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);

        // As recorded: ten of the 25, fifteen left out by max_alerts. Then all 25, as Alertmanager sends them without.
        await PostAsync(pipeline, Payloads.Read("firing-group-truncated.json"));
        await PostAsync(pipeline, WithPods(25));

        var message = await surroundings.MessageAsync(message => message.Shown().Contains("×25", StringComparison.Ordinal), "the message counts 25 alerts", Cancel);
        message.Shown().ShouldContain("Deployment trade-bot/trade-bot");
        var note = await Eventually.ReadsAsync(
            _ => Task.FromResult(surroundings.Slack.Messages.SingleOrDefault(message => message.IsNote())), note => note is not null, "what was left out is told", cancellationToken: Cancel);
        note!.Shown().ShouldContain("left 15 alerts out of a group");
        surroundings.Cluster.AssertNoUnexpectedCalls();
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task HostileText_IsShownWithoutMentioningAnybody()
    {
        await using var surroundings = await StartAsync();
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);

        await PostAsync(pipeline, Payloads.Read("firing-hostile-text.json"));

        var message = await surroundings.MessageAsync(message => message.IsOpen(), "the message is posted", Cancel);
        message.Mentions.ShouldBeEmpty();
        message.Shown().ShouldContain("Überwachung");
        message.Shown().ShouldContain("<!channel>");
        surroundings.Slack.AssertNoUnexpectedCalls();
        surroundings.Cluster.AssertNoUnexpectedCalls();
        surroundings.Cluster.Requests.ShouldBeEmpty("no such names reach the API server");
    }

    private static Task<Surroundings> StartAsync() => Surroundings.StartAsync(new Story(Cluster, new Dictionary<string, string>()), Cancel);

    // The recorded group with its ten alerts and fifteen more of the same kind.
    private static string WithPods(int count)
    {
        var webhook = JsonNode.Parse(Payloads.Read("firing-group-truncated.json"))!;
        var alerts = webhook["alerts"]!.AsArray();
        for (var pod = alerts.Count; pod < count; pod++)
        {
            var alert = alerts[0]!.DeepClone();
            alert["labels"]!["pod"] = $"trade-bot-7d9f8b6c5-x{pod:00}kz";
            alert["fingerprint"] = $"{pod:x16}";
            alerts.Add(alert);
        }

        webhook["truncatedAlerts"] = 0;
        return webhook.ToJsonString();
    }

    private static async Task PostAsync(PipelineProcess pipeline, string webhook)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsJsonAsync(new Uri(pipeline.Url, "webhooks/alertmanager"), JsonSerializer.Deserialize<JsonElement>(webhook), Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
