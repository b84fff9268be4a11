using System.Net;
using System.Text;
using AlertResponder.Simulators;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>
/// A real cluster under the shipped and the printed roles: what the simulated cluster answers in the other tests, Kubernetes itself
/// answers here.
/// </summary>
public sealed class RealClusterTests
{
    private const string Account = "alert-responder-enrichment";
    private const string OnCall = "U0ONCALL";

    // Killed for its memory as soon as it runs, whatever the node.
    private const string Hungry =
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: hungry, namespace: shop}
        spec:
          replicas: 1
          selector: {matchLabels: {app: hungry}}
          template:
            metadata: {labels: {app: hungry}}
            spec:
              containers:
              - {name: app, image: "busybox:1.37", command: [tail, /dev/zero], resources: {limits: {memory: 32Mi}, requests: {memory: 16Mi}}}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CrashLoop_OfTooLittleMemory_IsReadDiagnosedAndMendedInADryRun()
    {
        await using var cluster = await K3sCluster.TryStartAsync(Cancel);
        if (cluster is null)
        {
            Assert.Skip("Docker is not usable here, and this test's cluster is a container (K3s).");
        }

        await cluster.ApplyAsync(Hungry, Cancel);
        await cluster.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(Deployment.Folder, "deploy/kubernetes/enrichment-rbac.yaml"), Cancel), Cancel);
        var (exitCode, roles) = await PipelineProcess.RunToEndAsync(
            ["rbac", "--namespaces", "shop", "--service-account", $"alert-responder/{Account}"], new Dictionary<string, string>(StringComparer.Ordinal), Cancel);
        exitCode.ShouldBe(0, roles);
        await cluster.ApplyAsync(roles, Cancel);
        var killed = await Eventually.ReadsAsync(
            token => cluster.KubectlAsync(
                token,
                "get", "pods", "--namespace", "shop",
                "--output", "jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[*].lastState.terminated.reason}{end}"),
            pod => pod.EndsWith(" OOMKilled", StringComparison.Ordinal),
            "the pod is killed for its memory",
            Patience,
            Cancel);

        await using var surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        var settings = surroundings.Settings(
        [
            new("KUBECONFIG", await cluster.KubeconfigOfAsync("alert-responder", Account, Cancel)),
            new("Remediation__Enabled", "true"), new("Remediation__Namespaces__0", "shop"), new("Remediation__Approvers__0", OnCall), .. Surroundings.Clicking,
        ]);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: Cancel);
        await FireAsync(pipeline, killed.Split(' ')[0]);

        var offered = await surroundings.MessageAsync(
            message => message.Button("Increase memory limit of app to 64Mi") is not null, "the limit is offered", Cancel, Patience);
        offered.Shown().ShouldContain("Deployment shop/hungry");
        offered.Shown().ShouldContain("OOMKilled");

        // What the server's dry run says, and nothing is changed by it.
        var click = await surroundings.Slack.ClickAsync(offered, offered.Button("Show diff")!, OnCall, new Uri(pipeline.Url, "slack/interactions"), Cancel);
        click.Status.ShouldBe(HttpStatusCode.OK);
        var diff = await Eventually.ReadsAsync(
            _ => Task.FromResult(surroundings.Slack.Messages.FirstOrDefault(message => message.ThreadTs == offered.Ts)?.Shown() ?? ""),
            shown => shown.Contains("Diff of", StringComparison.Ordinal),
            "the diff is in the thread",
            Patience,
            Cancel);
        diff.ShouldContain("32Mi");
        diff.ShouldContain("64Mi");
        (await cluster.KubectlAsync(Cancel, "get", "deployment", "hungry", "--namespace", "shop", "--output", "jsonpath={.spec.template.spec.containers[0].resources.limits.memory}"))
            .ShouldBe("32Mi");
        surroundings.Cluster.Requests.ShouldBeEmpty("the cluster is the real one");
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    private static async Task FireAsync(PipelineProcess pipeline, string pod)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal)
        {
            ["alertname"] = "KubePodCrashLooping", ["namespace"] = "shop", ["pod"] = pod, ["container"] = "app", ["reason"] = "CrashLoopBackOff", ["severity"] = "warning",
        };
        using var http = new HttpClient();
        using var content = new StringContent(CrashingDeployments.Webhook(labels, TimeProvider.System.GetUtcNow()), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(pipeline.Url, "webhooks/alertmanager"), content, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
