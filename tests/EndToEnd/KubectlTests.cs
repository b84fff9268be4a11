using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using AlertResponder.Simulators.Cluster;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The real kubectl against the simulated cluster: what it accepts and prints is the proof that the simulator speaks Kubernetes.</summary>
public sealed class KubectlTests : IAsyncLifetime
{
    private const string Manifests =
        """
        {apiVersion: v1, kind: Node, metadata: {name: node-1}, status: {conditions: [{type: Ready, status: "True"}], nodeInfo: {kubeletVersion: v1.32.4+k3s1}}}
        ---
        {apiVersion: v1, kind: Node, metadata: {name: node-2}, status: {conditions: [{type: Ready, status: "True"}], nodeInfo: {kubeletVersion: v1.32.4+k3s1}}}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: viewer}, rules: [{apiGroups: ["", apps], resources: ["*"], verbs: [get, list]}]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: viewers, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: viewer}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: support}]
        """;

    private const string Web =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: registry.example/web:1
                resources: {limits: {memory: 256Mi}, requests: {memory: 128Mi}}
        """;

    private readonly string _home = Directory.CreateTempSubdirectory("kubectl-").FullName;
    private ClusterSimulator _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterSimulator.StartAsync(Manifests, https: true, cancellationToken: Cancellation);
        _cluster.AddUser("admin-token", "admin", "system:masters");
        _cluster.AddUser("eve-token", "eve", "support");
        _cluster.WriteKubeconfig(Path.Combine(_home, "admin"), "admin-token");
        _cluster.WriteKubeconfig(Path.Combine(_home, "eve"), "eve-token");
        _cluster.Apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}, status: {phase: Active}}");
        await File.WriteAllTextAsync(Path.Combine(_home, "web.yaml"), Web, Cancellation);
        await KubectlAsync("apply", "--validate=false", "-f", Path.Combine(_home, "web.yaml"));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Get_Resources_PrintsTheirColumns()
    {
        var pods = await KubectlAsync("get", "pods", "-n", "shop");
        Columns(pods, 0).ShouldBe(["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
        Columns(pods, 1)[1..4].ShouldBe(["1/1", "Running", "0"]);
        Columns(await KubectlAsync("get", "deployments", "-n", "shop"), 1)[..4].ShouldBe(["web", "2/2", "2", "2"]);
        Columns(await KubectlAsync("get", "nodes"), 1)[..2].ShouldBe(["node-1", "Ready"]);

        var json = JsonSerializer.Deserialize<JsonElement>(await KubectlAsync("get", "deployment", "web", "-n", "shop", "-o", "json"));
        json.GetProperty("status").GetProperty("readyReplicas").GetInt32().ShouldBe(2);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Describe_Resources_TellsOfThem()
    {
        var pod = await FirstPodAsync();

        (await KubectlAsync("describe", "pod", pod, "-n", "shop")).ShouldContain("Controlled By:  ReplicaSet/web-");
        (await KubectlAsync("describe", "deployment", "web", "-n", "shop")).ShouldContain("2 desired | 2 updated | 2 total | 2 available | 0 unavailable");
        (await KubectlAsync("describe", "node", "node-1")).ShouldContain("Unschedulable:      false");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Logs_OfPod_AreThoseOfTheRunAskedFor()
    {
        var pod = await FirstPodAsync();
        _cluster.SetLog("shop", pod, "web", "now\n");
        _cluster.SetLog("shop", pod, "web", "before\n", previous: true);

        (await KubectlAsync("logs", pod, "-n", "shop")).ShouldBe("now\n");
        (await KubectlAsync("logs", "-p", pod, "-n", "shop")).ShouldBe("before\n");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Patch_Deployment_IsStoredUnlessDry()
    {
        const string Patch = """{"spec":{"template":{"spec":{"containers":[{"name":"web","resources":{"limits":{"memory":"512Mi"}}}]}}}}""";
        string[] limit = ["get", "deployment", "web", "-n", "shop", "-o", "jsonpath={.spec.template.spec.containers[*].resources.limits.memory}"];

        var dry = await KubectlAsync("patch", "deployment", "web", "-n", "shop", "-p", Patch, "--dry-run=server", "-o", "yaml");
        dry.ShouldContain("memory: 512Mi");
        (await KubectlAsync(limit)).ShouldBe("256Mi");

        (await KubectlAsync("patch", "deployment", "web", "-n", "shop", "-p", Patch)).ShouldBe("deployment.apps/web patched\n");
        (await KubectlAsync(limit)).ShouldBe("512Mi");
        (await KubectlAsync("get", "pods", "-n", "shop", "-o", "jsonpath={.items[*].spec.containers[*].resources.limits.memory}")).ShouldBe("512Mi 512Mi");

        var (code, _, error) = await RunAsync("admin", "patch", "deployment", "web", "-n", "shop", "-p", Patch.Replace("512Mi", "64Mi", StringComparison.Ordinal));
        code.ShouldBe(1);
        error.ShouldContain("must be less than or equal to memory limit of 64Mi");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Apply_ChangedManifest_IsRolledOut()
    {
        await File.WriteAllTextAsync(Path.Combine(_home, "web.yaml"), Web.Replace("web:1", "web:2", StringComparison.Ordinal), Cancellation);

        (await KubectlAsync("apply", "--validate=false", "-f", Path.Combine(_home, "web.yaml"))).ShouldBe("deployment.apps/web configured\n");
        (await KubectlAsync("get", "pods", "-n", "shop", "-o", "jsonpath={.items[*].spec.containers[*].image}")).ShouldBe("registry.example/web:2 registry.example/web:2");

        // What another has set is not taken from it unless by force.
        var (code, _, error) = await RunAsync("admin", "apply", "--server-side", "--field-manager=other", "--validate=false", "-f", await WriteAsync("other.yaml", Web));
        code.ShouldBe(1);
        error.ShouldContain("conflict with \"kubectl-client-side-apply\" using apps/v1: .spec.template.spec.containers[name=\"web\"].image");
        await KubectlAsync("apply", "--server-side", "--force-conflicts", "--field-manager=other", "--validate=false", "-f", Path.Combine(_home, "other.yaml"));
        (await KubectlAsync("get", "deployment", "web", "-n", "shop", "-o", "jsonpath={.spec.template.spec.containers[*].image}")).ShouldBe("registry.example/web:1");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Rollout_RestartAndUndo_MakesNewPodsAndGoesBack()
    {
        var before = await FirstPodAsync();

        (await KubectlAsync("rollout", "restart", "deployment/web", "-n", "shop")).ShouldBe("deployment.apps/web restarted\n");
        (await KubectlAsync("rollout", "status", "deployment/web", "-n", "shop", "--timeout=20s")).ShouldBe("deployment \"web\" successfully rolled out\n");
        (await FirstPodAsync()).ShouldNotBe(before);
        (await KubectlAsync("rollout", "history", "deployment/web", "-n", "shop")).Split('\n').Select(line => line.Split(' ')[0]).ShouldBeSubsetOf(
            ["deployment.apps/web", "REVISION", "1", "2", ""]);

        (await KubectlAsync("rollout", "undo", "deployment/web", "-n", "shop")).ShouldBe("deployment.apps/web rolled back\n");
        (await KubectlAsync("get", "deployment", "web", "-n", "shop", "-o", "json")).ShouldNotContain("restartedAt");
        (await KubectlAsync("get", "deployment", "web", "-n", "shop", "-o", "jsonpath={.metadata.annotations.deployment\\.kubernetes\\.io/revision}")).ShouldBe("3");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Rollout_StatusOfStuckOne_EndsWithTheTimeout()
    {
        _cluster.OnTemplate("Deployment", "shop", "web").ExitsWith(1, "no\n");
        await KubectlAsync("rollout", "restart", "deployment/web", "-n", "shop");

        var (code, output, _) = await RunAsync("admin", "rollout", "status", "deployment/web", "-n", "shop", "--timeout=1s");

        code.ShouldBe(1);
        output.ShouldContain("Waiting for deployment \"web\" rollout to finish");
        (await KubectlAsync("get", "pods", "-n", "shop")).ShouldContain("CrashLoopBackOff");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Scale_Deployment_MakesPods()
    {
        (await KubectlAsync("scale", "deployment/web", "-n", "shop", "--replicas=3")).ShouldBe("deployment.apps/web scaled\n");
        (await KubectlAsync("get", "pods", "-n", "shop", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Drain_Node_RespectsTheBudgets()
    {
        (await KubectlAsync("cordon", "node-1")).ShouldBe("node/node-1 cordoned\n");
        Columns(await KubectlAsync("get", "node", "node-1"), 1)[1].ShouldBe("Ready,SchedulingDisabled");
        (await KubectlAsync("drain", "node-1", "--timeout=20s")).ShouldMatch("node/node-1 (drained|evicted)", "older versions say evicted");
        (await KubectlAsync("get", "pods", "-n", "shop", "-o", "jsonpath={.items[*].spec.nodeName}")).ShouldBe("node-2 node-2");
        (await KubectlAsync("uncordon", "node-1")).ShouldBe("node/node-1 uncordoned\n");

        _cluster.Apply("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}}");
        var (code, _, error) = await RunAsync("admin", "drain", "node-2", "--timeout=1s");
        code.ShouldBe(1);
        error.ShouldContain("Cannot evict pod as it would violate the pod's disruption budget.");
        (await KubectlAsync("get", "pods", "-n", "shop", "-o", "jsonpath={.items[*].spec.nodeName}")).ShouldBe("node-2 node-2");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Create_Job_RunsItAndDeleteTakesItsPods()
    {
        var path = await WriteAsync(
            "now.yaml",
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: now, namespace: shop}
            spec: {template: {spec: {restartPolicy: Never, containers: [{name: tick, image: "tick:1"}]}}}
            """);

        (await KubectlAsync("create", "--validate=false", "-f", path)).ShouldBe("job.batch/now created\n");

        Columns(await KubectlAsync("get", "job", "now", "-n", "shop"), 1)[..3].ShouldBe(["now", "Complete", "1/1"]);
        (await KubectlAsync("delete", "job", "now", "-n", "shop")).ShouldBe("job.batch \"now\" deleted\n");
        (await KubectlAsync("get", "pods", "-n", "shop", "-l", "job-name=now", "-o", "name")).ShouldBeEmpty();
        _cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("admin", "patch", "deployments", "shop", "yes")]
    [InlineData("eve", "list", "pods", "shop", "yes")]
    [InlineData("eve", "patch", "deployments", "shop", "no")]
    [InlineData("eve", "list", "pods", "default", "no")]
    public async Task CanI_TwoUsers_HaveTheirOwnRights(string user, string verb, string resource, string ns, string answer)
    {
        var (_, output, error) = await RunAsync(user, "auth", "can-i", verb, resource, "-n", ns);

        output.ShouldBe($"{answer}\n", error);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Scale_WithoutTheRight_IsForbidden()
    {
        var (code, _, error) = await RunAsync("eve", "scale", "deployment/web", "-n", "shop", "--replicas=0");

        code.ShouldBe(1);
        error.ShouldContain("User \"eve\" cannot patch resource \"deployments/scale\" in API group \"apps\" in the namespace \"shop\"");
        _cluster.AssertNoUnexpectedCalls();
    }

    private static string[] Columns(string table, int row) =>
        table.Split('\n')[row].Split("   ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private async Task<string> FirstPodAsync() => await KubectlAsync("get", "pods", "-n", "shop", "-o", "jsonpath={.items[0].metadata.name}");

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_home, name);
        await File.WriteAllTextAsync(path, text, Cancellation);
        return path;
    }

    private async Task<string> KubectlAsync(params string[] arguments)
    {
        var (code, output, error) = await RunAsync("admin", arguments);
        code.ShouldBe(0, $"kubectl {string.Join(' ', arguments)}: {error}");
        return output;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string user, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["KUBECONFIG"] = Path.Combine(_home, user);
        // Its cache of discovery goes by host and port, which another run may have had.
        start.Environment["HOME"] = _home;
        using var kubectl = Start(start);
        var output = kubectl.StandardOutput.ReadToEndAsync(Cancellation);
        var error = await kubectl.StandardError.ReadToEndAsync(Cancellation);
        await kubectl.WaitForExitAsync(Cancellation);
        return (kubectl.ExitCode, await output, error);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException("There is no kubectl on the PATH. Install it: apt-get install kubernetes-client.", exception);
        }
    }
}
