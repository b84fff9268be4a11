using System.Net;
using System.Reflection;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>Each read against the request that kubectl sent for it and what the real API server answered.</summary>
public sealed class RecordedAnswerTests
{
    public static TheoryData<string> All => [.. Directory.GetFiles(RecordedAnswer.Folder, "*.http").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    // The calls that have no test of their own too: the address is let through, and the answer comes out as it was, or as its refusal.
    [Theory]
    [MemberData(nameof(All))]
    public async Task Send_EachRecording_PassesTheGuards(string name)
    {
        var recorded = RecordedAnswer.Read(name);
        await using var server = await ApiServer.StartAsync(recorded.WriteAsync);
        using var client = BuiltClient.At(server.Url);

        var sent = await Record.ExceptionAsync(async () => (await SendAsync(client, recorded)).Dispose());

        if (recorded.Target.Contains("/secrets", StringComparison.Ordinal) || recorded.Target.Contains("/scale", StringComparison.Ordinal))
        {
            sent.ShouldBeOfType<ArgumentException>();
            server.Requests.ShouldBeEmpty();
            return;
        }

        server.Requests.ShouldHaveSingleItem().Target.ShouldBe(recorded.BoundedTarget);
        if (recorded.StatusCode < 300)
        {
            sent.ShouldBeNull();
        }
        else
        {
            var refusal = sent.ShouldBeOfType<HttpOperationException>().Response;
            ((int)refusal.StatusCode, refusal.Content).ShouldBe((recorded.StatusCode, recorded.Response.Body));
        }
    }

    [Fact]
    public async Task ReadNamespacedPodLog_NotStarted_IsNotFound()
    {
        var failure = await Should.ThrowAsync<HttpOperationException>(() => AskAsync("06-pod-log-not-started", (c, token) =>
            c.CoreV1.ReadNamespacedPodLogAsync("trade-bot-56774fbf4d-5z976", "trade-bot", tailLines: 9, cancellationToken: token)));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("31-custom-resource-not-installed", "cert-manager.io", "v1", "certificates")]
    [InlineData("32-metrics-not-installed", "metrics.k8s.io", "v1beta1", "pods")]
    public async Task ListNamespacedCustomObject_GroupNotInstalled_IsNotFoundWithoutAStatus(string recorded, string group, string version, string plural)
    {
        var failure = await Should.ThrowAsync<HttpOperationException>(() => AskAsync(recorded, (c, token) =>
            c.CustomObjects.ListNamespacedCustomObjectAsync(group, version, "cardboard", plural, limit: 9, cancellationToken: token)));

        (failure.Response.StatusCode, failure.Response.Content.Trim()).ShouldBe((HttpStatusCode.NotFound, "404 page not found"));
    }

    [Fact]
    public async Task ListNamespacedPod_ContinuationOfNothing_IsAnEmptyPage()
    {
        var target = RecordedAnswer.Read("36-continue-token-expired").Target;

        var pods = await AskAsync("36-continue-token-expired", (c, token) => c.CoreV1.ListNamespacedPodAsync(
            "trade-bot", limit: 1, continueParameter: target[(target.LastIndexOf('=') + 1)..], cancellationToken: token));

        pods.Items.ShouldBeEmpty();
        pods.Metadata.ContinueProperty.ShouldBeNull();
    }

    [Fact]
    public async Task GetCode_RecordedServer_HasItsVersion()
    {
        await using var server = await ApiServer.StartAsync(200, RecordedAnswer.Read("37-version").Response.Body);
        using IKubernetes client = BuiltClient.At(server.Url);

        var version = await client.Version.GetCodeAsync(cancellationToken: TestContext.Current.CancellationToken);

        (version.Major, version.Minor, version.Platform).ShouldBe(("1", "32", "linux/amd64"));
    }

    [Fact]
    public async Task ReadNamespacedPod_OomKilledPod_HasStatesOwnersAndResources()
    {
        var pod = await AskAsync("01-pod-oomkilled", (c, token) =>
            c.CoreV1.ReadNamespacedPodAsync("price-scraper-28487520-2n78x", "cardboard", cancellationToken: token));

        pod.Kind.ShouldBe("Pod");
        pod.Metadata.NamespaceProperty.ShouldBe("cardboard");
        pod.Metadata.Uid.ShouldBe("15931cf4-06ff-4f85-874b-5a9ca202b766");
        pod.Metadata.CreationTimestamp.ShouldBe(new DateTime(2026, 11, 22, 8, 11, 16, DateTimeKind.Utc));
        pod.Metadata.Labels["job-name"].ShouldBe("price-scraper-28487520");
        var owner = pod.Metadata.OwnerReferences.ShouldHaveSingleItem();
        (owner.Kind, owner.Name, owner.ApiVersion, owner.Controller).ShouldBe(("Job", "price-scraper-28487520", "batch/v1", true));

        pod.Spec.NodeName.ShouldBe("k3s-agent-1");
        pod.Spec.RestartPolicy.ShouldBe("OnFailure");
        pod.Spec.Tolerations.Count.ShouldBe(2);
        (pod.Spec.Tolerations[0].OperatorProperty, pod.Spec.Tolerations[0].TolerationSeconds).ShouldBe(("Exists", 300L));
        pod.Spec.Volumes[0].Projected.Sources.Where(s => s.ConfigMap is not null).Select(s => s.ConfigMap.Name)
            .ShouldBe(["kube-root-ca.crt", "openshift-service-ca.crt"]);
        var container = pod.Spec.Containers.ShouldHaveSingleItem();
        container.VolumeMounts[0].ReadOnlyProperty.ShouldBe(true);
        container.Resources.Limits["memory"].ToInt64().ShouldBe(256L * 1024 * 1024);
        container.Resources.Requests["cpu"].ToDecimal().ShouldBe(0.1m);

        pod.Status.Phase.ShouldBe("Running");
        pod.Status.HostIP.ShouldBe("127.0.0.1");
        pod.Status.Conditions.Single(c => c.Type == "Ready").Message.ShouldBe("containers with unready status: [scraper]");
        pod.Status.Conditions[0].LastProbeTime.ShouldBeNull();
        var status = pod.Status.ContainerStatuses.ShouldHaveSingleItem();
        (status.Ready, status.Started, status.RestartCount, status.ContainerID).ShouldBe((false, false, 5, "containerd://9f1c"));
        status.State.Waiting.Reason.ShouldBe("CrashLoopBackOff");
        status.State.Running.ShouldBeNull();
        status.LastState.Terminated.Reason.ShouldBe("OOMKilled");
        status.LastState.Terminated.ExitCode.ShouldBe(137);
        status.LastState.Terminated.FinishedAt.ShouldBe(new DateTime(2026, 11, 22, 8, 10, 36, DateTimeKind.Utc));
    }

    [Fact]
    public async Task ListNamespacedPod_LimitOfOne_HasOnePodAndTheContinuation()
    {
        var pods = await AskAsync("02-pods-list-by-label-limit-1", (c, token) =>
            c.CoreV1.ListNamespacedPodAsync("trade-bot", labelSelector: "app=trade-bot", limit: 1, cancellationToken: token));

        pods.Items.ShouldHaveSingleItem().Metadata.Name.ShouldBe("trade-bot-56774fbf4d-5z976");
        pods.Items[0].Spec.Containers[0].ReadinessProbe.HttpGet.Port.ToString().ShouldBe("8080");
        pods.Metadata.ContinueProperty.ShouldStartWith("eyJ2Ijoi");
    }

    [Fact]
    public async Task ReadNamespacedPod_Gone_IsNotFoundWithTheServersStatus()
    {
        var failure = await Should.ThrowAsync<HttpOperationException>(() => AskAsync("03-pod-not-found", (c, token) =>
            c.CoreV1.ReadNamespacedPodAsync("gone-pod", "cardboard", cancellationToken: token)));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        failure.Message.ShouldStartWith("Operation returned an invalid status code 'NotFound', response body {");
        failure.Request.RequestUri.AbsolutePath.ShouldBe("/api/v1/namespaces/cardboard/pods/gone-pod");
        failure.Request.Method.ShouldBe(HttpMethod.Get);
        var status = KubernetesJson.Deserialize<V1Status>(failure.Response.Content);
        (status.Status, status.Reason, status.Code, status.Details.Kind).ShouldBe(("Failure", "NotFound", 404, "pods"));
        status.Message.ShouldBe("pods \"gone-pod\" not found");
    }

    [Fact]
    public async Task ReadNamespacedPodLog_PreviousTail_IsTheText()
    {
        var log = await AskAsync("04-pod-log-previous-tail-3", async (c, token) =>
        {
            await using var stream = await c.CoreV1.ReadNamespacedPodLogAsync(
                "price-scraper-28487520-2n78x", "cardboard", container: "scraper", previous: true, tailLines: 3, cancellationToken: token);
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync(token);
        });

        log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        log.ShouldContain("scraped page 400 heap=360Mi");
    }

    [Fact]
    public async Task ReadNamespacedPodLog_UnknownContainer_IsBadRequestWithTheReason()
    {
        var failure = await Should.ThrowAsync<HttpOperationException>(() => AskAsync("05-pod-log-unknown-container", (c, token) =>
            c.CoreV1.ReadNamespacedPodLogAsync("price-scraper-28487520-2n78x", "cardboard", container: "nope", tailLines: 9, cancellationToken: token)));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        failure.Response.Content.ShouldContain("container nope is not valid");
    }

    [Fact]
    public async Task ListNamespacedEvent_BothForms_HasTheirTimesAndCounts()
    {
        var events = await AskAsync("07-events-of-pod", (c, token) => c.CoreV1.ListNamespacedEventAsync(
            "cardboard", fieldSelector: "involvedObject.name=price-scraper-28487520-2n78x,type=Warning", limit: 9, cancellationToken: token));

        events.Items.Count.ShouldBe(2);
        var scheduling = events.Items[0];
        scheduling.EventTime.ShouldBe(new DateTime(2026, 11, 22, 8, 11, 16, DateTimeKind.Utc).AddMicroseconds(351_483));
        (scheduling.FirstTimestamp, scheduling.LastTimestamp, scheduling.Count).ShouldBe((null, null, null));
        (scheduling.Reason, scheduling.ReportingComponent, scheduling.Source.Component).ShouldBe(("FailedScheduling", "default-scheduler", null));
        var backOff = events.Items[1];
        (backOff.Type, backOff.Reason, backOff.Count, backOff.EventTime).ShouldBe(("Warning", "BackOff", 12, null));
        backOff.LastTimestamp.ShouldBe(new DateTime(2026, 11, 22, 8, 10, 46, DateTimeKind.Utc));
        backOff.Source.Host.ShouldBe("k3s-agent-1");
        backOff.InvolvedObject.FieldPath.ShouldBe("spec.containers{scraper}");
        backOff.InvolvedObject.NamespaceProperty.ShouldBe("cardboard");
    }

    [Fact]
    public async Task ReadNode_TaintedNode_HasTaintsConditionsAndSizes()
    {
        var recorded = RecordedAnswer.Read("08-node");
        var node = await AskAsync("08-node", (c, token) => c.CoreV1.ReadNodeAsync(recorded.Target.Split('/')[^1], cancellationToken: token));

        var taint = node.Spec.Taints.ShouldHaveSingleItem();
        (taint.Key, taint.Effect, taint.Value).ShouldBe(("node.kubernetes.io/not-ready", "NoSchedule", null));
        node.Spec.Unschedulable.ShouldBeNull();
        node.Status.Conditions.Single(c => c.Type == "Ready").Status.ShouldBe("True");
        node.Status.Allocatable["memory"].ToInt64().ShouldBe(16264316L * 1024);
        node.Status.Capacity["pods"].ToInt32().ShouldBe(110);
        (node.Status.NodeInfo.Architecture, node.Status.NodeInfo.MachineID, node.Status.NodeInfo.SystemUUID).ShouldBe(("arm64", "m", "u"));
    }

    [Fact]
    public async Task ReadNamespacedJob_RunningJob_HasItsTemplateAndCounts()
    {
        var job = await AskAsync("09-job", (c, token) =>
            c.BatchV1.ReadNamespacedJobAsync("price-scraper-28487520", "cardboard", cancellationToken: token));

        (job.Spec.BackoffLimit, job.Spec.Completions, job.Spec.Suspend).ShouldBe((6, 1, false));
        job.Spec.Template.Spec.Containers[0].Image.ShouldBe("registry.example/cardboard/price-scraper:1.4.2");
        (job.Status.Active, job.Status.Failed, job.Status.CompletionTime).ShouldBe((1, null, null));
        job.Metadata.OwnerReferences[0].Kind.ShouldBe("CronJob");
    }

    [Fact]
    public async Task ReadNamespacedCronJob_NeverRun_HasItsScheduleAndTemplate()
    {
        var cronJob = await AskAsync("10-cronjob", (c, token) =>
            c.BatchV1.ReadNamespacedCronJobAsync("price-scraper", "cardboard", cancellationToken: token));

        (cronJob.Spec.Schedule, cronJob.Spec.Suspend, cronJob.Spec.ConcurrencyPolicy).ShouldBe(("*/10 * * * *", false, "Allow"));
        cronJob.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Resources.Limits["memory"].ToString().ShouldBe("256Mi");
        cronJob.Status.LastScheduleTime.ShouldBeNull();
    }

    [Fact]
    public async Task ReadNamespacedDeployment_Unavailable_HasItsStrategyAndConditions()
    {
        var deployment = await AskAsync("11-deployment", (c, token) =>
            c.AppsV1.ReadNamespacedDeploymentAsync("trade-bot", "trade-bot", cancellationToken: token));

        (deployment.Spec.Replicas, deployment.Spec.ProgressDeadlineSeconds).ShouldBe((2, 600));
        deployment.Spec.Strategy.RollingUpdate.MaxSurge.Value.ShouldBe("25%");
        deployment.Spec.Selector.MatchLabels["app"].ShouldBe("trade-bot");
        (deployment.Status.UpdatedReplicas, deployment.Status.ReadyReplicas, deployment.Status.UnavailableReplicas).ShouldBe((2, null, 2));
        deployment.Status.Conditions.Single(c => c.Type == "Available").Reason.ShouldBe("MinimumReplicasUnavailable");
    }

    [Fact]
    public async Task ListNamespacedReplicaSet_ByLabel_HasOwnersAndCounts()
    {
        var replicaSets = await AskAsync("12-replicasets", (c, token) =>
            c.AppsV1.ListNamespacedReplicaSetAsync("trade-bot", labelSelector: "app=trade-bot", limit: 9, cancellationToken: token));

        var replicaSet = replicaSets.Items.ShouldHaveSingleItem();
        replicaSet.Metadata.OwnerReferences[0].Name.ShouldBe("trade-bot");
        (replicaSet.Status.Replicas, replicaSet.Status.ReadyReplicas).ShouldBe((2, null));
        replicaSets.Metadata.ContinueProperty.ShouldBeNull();
    }

    [Fact]
    public async Task ListNamespacedPod_NotAllowed_IsForbiddenWithTheReason()
    {
        var failure = await Should.ThrowAsync<HttpOperationException>(() => AskAsync("13-forbidden", (c, token) =>
            c.CoreV1.ListNamespacedPodAsync("trade-bot", limit: 9, cancellationToken: token)));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        KubernetesJson.Deserialize<V1Status>(failure.Response.Content).Message.ShouldContain("cannot list resource \"pods\"");
    }

    private static async Task<T> AskAsync<T>(string recorded, Func<IKubernetes, CancellationToken, Task<T>> ask)
    {
        await using var server = await ApiServer.StartAsync(RecordedAnswer.Read(recorded));
        using IKubernetes client = BuiltClient.At(server.Url);
        return await ask(client, TestContext.Current.CancellationToken);
    }

    // As the package's own calls do, which are protected.
    private static Task<HttpResponseMessage> SendAsync(IKubernetes client, RecordedAnswer recorded)
    {
        object? body = recorded.Request.Body.Trim() is not { Length: > 0 } text ? null
            : recorded.Method == "PATCH" ? new V1Patch("{}", V1Patch.PatchType.MergePatch)
            : JsonSerializer.Deserialize<JsonElement>(text);
        var send = client.GetType().GetMethod("SendRequest", BindingFlags.Instance | BindingFlags.NonPublic)!.MakeGenericMethod(typeof(object));
        return (Task<HttpResponseMessage>)send.Invoke(
            client, [recorded.BoundedTarget.TrimStart('/'), new HttpMethod(recorded.Method), null, body, TestContext.Current.CancellationToken])!;
    }
}
