using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>Each write against the request that kubectl sent for it and what the real API server answered.</summary>
public sealed class WriteTests
{
    private const string MoreMemory =
        """
        {
          "metadata": {"annotations": {"alert-responder/proposal": "p-1"}},
          "spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "scraper", "resources": {"limits": {"memory": "512Mi"}}}]}}}}}
        }
        """;

    [Fact]
    public async Task PatchNamespacedCronJob_DryRunOfAStrategicMerge_IsAsIf()
    {
        var cronJob = await AskAsync("18-cronjob-strategic-patch-dry-run", (c, token) => c.BatchV1.PatchNamespacedCronJobAsync(
            new V1Patch(MoreMemory, V1Patch.PatchType.StrategicMergePatch),
            "price-scraper",
            "cardboard",
            dryRun: "All",
            fieldManager: "alert-responder",
            cancellationToken: token));

        cronJob.Metadata.Annotations["alert-responder/proposal"].ShouldBe("p-1");
        (cronJob.Metadata.Generation, cronJob.Metadata.ResourceVersion).ShouldBe((2L, "409"));
        var container = cronJob.Spec.JobTemplate.Spec.Template.Spec.Containers.ShouldHaveSingleItem();
        (container.Resources.Limits["memory"].ToString(), container.Resources.Requests["memory"].ToString()).ShouldBe(("512Mi", "128Mi"));
        var ours = cronJob.Metadata.ManagedFields.Single(fields => fields.Manager == "alert-responder");
        (ours.Operation, ours.ApiVersion).ShouldBe(("Update", "batch/v1"));
        ours.FieldsV1.ShouldBeOfType<JsonElement>().GetProperty("f:metadata").GetProperty("f:annotations").EnumerateObject()
            .ShouldHaveSingleItem().Name.ShouldBe("f:alert-responder/proposal");
    }

    [Fact]
    public async Task PatchNamespacedDeployment_Restart_HasTheNewGeneration()
    {
        var patch = new
        {
            Spec = new
            {
                Template = new
                {
                    Metadata = new
                    {
                        Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["kubectl.kubernetes.io/restartedAt"] = "2026-11-22T08:11:16Z" },
                    },
                },
            },
        };

        var deployment = await AskAsync("25-deployment-restart", (c, token) => c.AppsV1.PatchNamespacedDeploymentAsync(
            new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), "trade-bot", "trade-bot", fieldManager: "alert-responder", cancellationToken: token));

        (deployment.Metadata.Generation, deployment.Status.ObservedGeneration).ShouldBe((2L, 1L));
        deployment.Spec.Template.Metadata.Annotations.ShouldContainKey("kubectl.kubernetes.io/restartedAt");
    }

    [Fact]
    public async Task PatchNamespacedDeployment_StaleResourceVersion_IsAConflict()
    {
        var failure = await RefusalAsync("20-deployment-patch-stale-resource-version", (c, token) => c.AppsV1.PatchNamespacedDeploymentAsync(
            new V1Patch("""{"metadata":{"resourceVersion":"1","annotations":{"a":"b"}}}""", V1Patch.PatchType.MergePatch),
            "trade-bot",
            "trade-bot",
            cancellationToken: token));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        failure.Request.Content.ShouldContain("\"resourceVersion\":\"1\"");
        var status = KubernetesJson.Deserialize<V1Status>(failure.Response.Content);
        (status.Reason, status.Code, status.Details.Group, status.Details.Kind).ShouldBe(("Conflict", 409, "apps", "deployments"));
        status.Message.ShouldContain("the object has been modified");
    }

    [Fact]
    public async Task PatchNamespacedDeployment_JsonPatchWhoseTestFails_IsInvalidWithoutACause()
    {
        const string path = "/spec/template/spec/containers/0/resources/limits/memory";
        object[] operations = [new { op = "test", path, value = "1Gi" }, new { op = "replace", path, value = "2Gi" }];

        var failure = await RefusalAsync("21-deployment-json-patch-test-fails", (c, token) => c.AppsV1.PatchNamespacedDeploymentAsync(
            new V1Patch(operations, V1Patch.PatchType.JsonPatch), "trade-bot", "trade-bot", cancellationToken: token));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var status = KubernetesJson.Deserialize<V1Status>(failure.Response.Content);
        (status.Reason, status.Details.Causes).ShouldBe(("Invalid", null));
    }

    [Theory]
    [InlineData("22-deployment-patch-invalid-quantity", "lots", "patch", "quantities must match")]
    [InlineData("23-deployment-patch-request-over-limit", "128Mi", "spec.template.spec.containers[0].resources.requests", "must be less than or equal to memory limit")]
    public async Task PatchNamespacedDeployment_BadValue_IsInvalidWithTheField(string recorded, string memory, string field, string message)
    {
        var failure = await RefusalAsync(recorded, (c, token) => c.AppsV1.PatchNamespacedDeploymentAsync(
            new V1Patch(
                """{"spec":{"template":{"spec":{"containers":[{"name":"bot","resources":{"limits":{"memory":"AMOUNT"}}}]}}}}"""
                    .Replace("AMOUNT", memory, StringComparison.Ordinal),
                V1Patch.PatchType.StrategicMergePatch),
            "trade-bot",
            "trade-bot",
            dryRun: "All",
            cancellationToken: token));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var cause = KubernetesJson.Deserialize<V1Status>(failure.Response.Content).Details.Causes.ShouldHaveSingleItem();
        (cause.Reason, cause.Field).ShouldBe(("FieldValueInvalid", field));
        cause.Message.ShouldContain(message);
    }

    [Fact]
    public async Task PatchNamespacedDeployment_AppliedOverAnotherManager_IsAConflictWithItsName()
    {
        var failure = await RefusalAsync("28-deployment-server-side-apply-conflict", (c, token) => c.AppsV1.PatchNamespacedDeploymentAsync(
            new V1Patch(
                """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"trade-bot","namespace":"trade-bot"},"spec":{"replicas":5}}""",
                V1Patch.PatchType.ApplyPatch),
            "trade-bot",
            "trade-bot",
            dryRun: "All",
            fieldManager: "alert-responder",
            cancellationToken: token));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var cause = KubernetesJson.Deserialize<V1Status>(failure.Response.Content).Details.Causes.ShouldHaveSingleItem();
        (cause.Reason, cause.Field).ShouldBe(("FieldManagerConflict", ".spec.replicas"));
        cause.Message.ShouldContain("kubectl-client-side-apply");
    }

    [Fact]
    public async Task PatchNamespacedDeployment_JsonPatchThatIsNoList_IsABadRequest()
    {
        var failure = await RefusalAsync("34-bad-json-patch-body", (c, token) => c.AppsV1.PatchNamespacedDeploymentAsync(
            new V1Patch("""{"op":1}""", V1Patch.PatchType.JsonPatch), "trade-bot", "trade-bot", cancellationToken: token));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        KubernetesJson.Deserialize<V1Status>(failure.Response.Content).Reason.ShouldBe("BadRequest");
    }

    [Fact]
    public async Task DeleteNamespacedPod_AnotherUid_IsAConflictWithBoth()
    {
        var failure = await RefusalAsync("30-pod-delete-precondition-wrong-uid", (c, token) => c.CoreV1.DeleteNamespacedPodAsync(
            "price-scraper-28487520-2n78x",
            "cardboard",
            body: new V1DeleteOptions
            {
                ApiVersion = "v1",
                Kind = "DeleteOptions",
                Preconditions = new V1Preconditions { Uid = "00000000-0000-0000-0000-000000000000" },
            },
            cancellationToken: token));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        KubernetesJson.Deserialize<V1Status>(failure.Response.Content).Message.ShouldContain("does not match the UID in record (15931cf4-");
    }

    [Fact]
    public async Task CreateNamespacedPodEviction_Allowed_IsAStatus()
    {
        const string pod = "trade-bot-56774fbf4d-ml57z";

        var eviction = await AskAsync("29-pod-eviction-allowed", (c, token) => c.CoreV1.CreateNamespacedPodEvictionAsync(
            new V1Eviction { ApiVersion = "policy/v1", Kind = "Eviction", Metadata = new V1ObjectMeta { Name = pod, NamespaceProperty = "trade-bot" } },
            pod,
            "trade-bot",
            cancellationToken: token));

        eviction.Kind.ShouldBe("Status");
    }

    [Fact]
    public async Task CreateNamespacedPodEviction_SeveralBudgets_CannotBeToldFromAnAllowedOne()
    {
        await using var server = await ApiServer.StartAsync(
            201,
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"This pod has more than one PodDisruptionBudget","code":500}""");
        using IKubernetes client = Client(server);

        var eviction = await client.CoreV1.CreateNamespacedPodEvictionAsync(
            new V1Eviction { Metadata = new V1ObjectMeta { Name = "a" } }, "a", "ns", cancellationToken: TestContext.Current.CancellationToken);

        (eviction.Kind, eviction.DeleteOptions, eviction.Metadata.Name).ShouldBe(("Status", null, null));
    }

    [Fact]
    public async Task CreateNamespacedJob_NamespaceGone_IsNotFound()
    {
        var job = new V1Job
        {
            ApiVersion = "batch/v1",
            Kind = "Job",
            Metadata = new V1ObjectMeta { Name = "x" },
            Spec = new V1JobSpec
            {
                Template = new V1PodTemplateSpec
                {
                    Spec = new V1PodSpec { RestartPolicy = "Never", Containers = [new V1Container { Name = "a", Image = "b" }] },
                },
            },
        };

        var failure = await RefusalAsync("33-namespace-not-found-create", (c, token) => c.BatchV1.CreateNamespacedJobAsync(job, "nope", cancellationToken: token));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        KubernetesJson.Deserialize<V1Status>(failure.Response.Content).Details.Kind.ShouldBe("namespaces");
    }

    [Fact]
    public async Task CreateNamespacedJob_RerunOfACronJob_SendsItsWholeTemplate()
    {
        var cronJob = KubernetesJson.Deserialize<V1CronJob>(RecordedAnswer.Read("10-cronjob").Response.Body);
        await using var server = await ApiServer.StartAsync(201, RecordedAnswer.Read("09-job").Response.Body);
        using IKubernetes client = Client(server);

        var made = await client.BatchV1.CreateNamespacedJobAsync(
            new V1Job { ApiVersion = "batch/v1", Kind = "Job", Metadata = new V1ObjectMeta { GenerateName = "rerun-" }, Spec = cronJob.Spec.JobTemplate.Spec },
            "cardboard",
            cancellationToken: TestContext.Current.CancellationToken);

        made.Metadata.Name.ShouldBe("price-scraper-28487520");
        var sent = JsonNode.Parse(server.Requests.ShouldHaveSingleItem().Body)!["spec"];
        var template = JsonNode.Parse(RecordedAnswer.Read("10-cronjob").Response.Body)!["spec"]!["jobTemplate"]!["spec"]!;
        template["template"]!["metadata"]!.AsObject().Remove("creationTimestamp").ShouldBeTrue();
        JsonNode.DeepEquals(sent, template).ShouldBeTrue(sent!.ToJsonString());
    }

    [Theory]
    [InlineData("15-self-subject-access-review-denied", "patch", "cronjobs", "batch", false)]
    [InlineData("16-self-subject-access-review-allowed", "get", "pods", "", true)]
    public async Task CreateSelfSubjectAccessReview_Asked_Answers(string recorded, string verb, string resource, string group, bool allowed)
    {
        var review = await AskAsync(recorded, (c, token) => c.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(
            new V1SelfSubjectAccessReview
            {
                ApiVersion = "authorization.k8s.io/v1",
                Kind = "SelfSubjectAccessReview",
                Spec = new V1SelfSubjectAccessReviewSpec
                {
                    ResourceAttributes = new V1ResourceAttributes
                    {
                        NamespaceProperty = "cardboard",
                        Verb = verb,
                        Resource = resource,
                        Group = group,
                        Subresource = "",
                    },
                },
            },
            cancellationToken: token));

        review.Status.Allowed.ShouldBe(allowed);
        (review.Status.Reason?.StartsWith("RBAC: allowed by RoleBinding", StringComparison.Ordinal) ?? false).ShouldBe(allowed);
    }

    [Fact]
    public async Task CreateSubjectAccessReview_UserWithoutRights_IsNotAllowed()
    {
        var review = await AskAsync("17-subject-access-review", (c, token) => c.AuthorizationV1.CreateSubjectAccessReviewAsync(
            new V1SubjectAccessReview
            {
                ApiVersion = "authorization.k8s.io/v1",
                Kind = "SubjectAccessReview",
                Spec = new V1SubjectAccessReviewSpec
                {
                    User = "alice",
                    Groups = ["sre"],
                    ResourceAttributes = new V1ResourceAttributes { NamespaceProperty = "cardboard", Verb = "patch", Resource = "cronjobs", Group = "batch" },
                },
            },
            cancellationToken: token));

        (review.Status.Allowed, review.Status.Denied).ShouldBe((false, null));
        review.Spec.Groups.ShouldBe(["sre"]);
    }

    [Theory]
    [InlineData(V1Patch.PatchType.JsonPatch, "application/json-patch+json; charset=utf-8")]
    [InlineData(V1Patch.PatchType.MergePatch, "application/merge-patch+json; charset=utf-8")]
    [InlineData(V1Patch.PatchType.StrategicMergePatch, "application/strategic-merge-patch+json; charset=utf-8")]
    [InlineData(V1Patch.PatchType.ApplyPatch, "application/apply-patch+yaml; charset=utf-8")]
    public async Task Patch_EachType_SaysItsMediaType(V1Patch.PatchType type, string contentType)
    {
        await using var server = await ApiServer.StartAsync(200, ApiServer.Anything);
        using IKubernetes client = Client(server);

        await client.CoreV1.PatchNodeAsync(
            new V1Patch("""{"spec":{"unschedulable":null}}""", type), "a", cancellationToken: TestContext.Current.CancellationToken);

        var request = server.Requests.ShouldHaveSingleItem();
        request.Headers["Content-Type"].ShouldBe(contentType);
        request.Body.ShouldBe("""{"spec":{"unschedulable":null}}""");
    }

    [Fact]
    public async Task Patch_NullInAnObject_IsLeftOutButKeptInATree()
    {
        await using var server = await ApiServer.StartAsync(200, ApiServer.Anything);
        using IKubernetes client = Client(server);
        object[] bodies = [new { a = (string?)null, b = 1 }, new JsonObject { ["a"] = null, ["b"] = 1 }];

        foreach (var body in bodies)
        {
            await client.CoreV1.PatchNodeAsync(
                new V1Patch(body, V1Patch.PatchType.MergePatch), "a", cancellationToken: TestContext.Current.CancellationToken);
        }

        server.Requests.Select(r => r.Body).ShouldBe(["""{"b":1}""", """{"a":null,"b":1}"""]);
    }

    [Fact]
    public async Task Patch_TextThatIsNoJson_IsNotSent()
    {
        await using var server = await ApiServer.StartAsync(200, ApiServer.Anything);
        using IKubernetes client = Client(server);

        await Should.ThrowAsync<JsonException>(() => client.CoreV1.PatchNodeAsync(
            new V1Patch("spec: {}", V1Patch.PatchType.MergePatch), "a", cancellationToken: TestContext.Current.CancellationToken));

        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void Patch_NoBodyOrNoType_IsRefused()
    {
        Should.Throw<ArgumentNullException>(() => new V1Patch(null, V1Patch.PatchType.MergePatch));
        Should.Throw<ArgumentException>(() => new V1Patch("{}", V1Patch.PatchType.Unknown));
    }

    [Fact]
    public async Task DeleteNamespacedPod_OptionsInTheBody_AreSent()
    {
        await using var server = await ApiServer.StartAsync(200, """{"kind":"Pod","metadata":{"name":"a","deletionGracePeriodSeconds":30}}""");
        using IKubernetes client = Client(server);

        var pod = await client.CoreV1.DeleteNamespacedPodAsync(
            "a",
            "ns",
            body: new V1DeleteOptions
            {
                DryRun = ["All"],
                GracePeriodSeconds = 30,
                PropagationPolicy = "Background",
                Preconditions = new V1Preconditions { Uid = "u", ResourceVersion = "7" },
            },
            cancellationToken: TestContext.Current.CancellationToken);

        pod.Metadata.DeletionGracePeriodSeconds.ShouldBe(30);
        var request = server.Requests.ShouldHaveSingleItem();
        (request.Method, request.Headers["Content-Type"]).ShouldBe(("DELETE", "application/json; charset=utf-8"));
        JsonNode.DeepEquals(
            JsonNode.Parse(request.Body),
            JsonNode.Parse("""{"preconditions":{"uid":"u","resourceVersion":"7"},"propagationPolicy":"Background","gracePeriodSeconds":30,"dryRun":["All"]}"""))
            .ShouldBeTrue(request.Body);
    }

    [Fact]
    public async Task DeleteNamespacedJob_AtOnce_IsAStatus()
    {
        await using var server = await ApiServer.StartAsync(
            200, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"a","group":"batch","kind":"jobs","uid":"u"}}""");
        using IKubernetes client = Client(server);

        var status = await client.BatchV1.DeleteNamespacedJobAsync("a", "ns", propagationPolicy: "Background", cancellationToken: TestContext.Current.CancellationToken);

        (status.HasObject, status.Status, status.Details.Uid).ShouldBe((false, "Success", "u"));
    }

    [Fact]
    public async Task DeleteNamespacedJob_WhilePodsGoFirst_IsTheJob()
    {
        await using var server = await ApiServer.StartAsync(200, RecordedAnswer.Read("09-job").Response.Body);
        using IKubernetes client = Client(server);

        var status = await client.BatchV1.DeleteNamespacedJobAsync("a", "ns", propagationPolicy: "Foreground", cancellationToken: TestContext.Current.CancellationToken);

        status.HasObject.ShouldBeTrue();
        status.ObjectView<V1Job>().Status.Active.ShouldBe(1);
    }

    private static IKubernetes Client(ApiServer server) => BuiltClient.At(server.Url);

    private static Task<HttpOperationException> RefusalAsync<T>(string recorded, Func<IKubernetes, CancellationToken, Task<T>> ask) =>
        Should.ThrowAsync<HttpOperationException>(() => AskAsync(recorded, ask));

    private static async Task<T> AskAsync<T>(string recorded, Func<IKubernetes, CancellationToken, Task<T>> ask)
    {
        await using var server = await ApiServer.StartAsync(RecordedAnswer.Read(recorded));
        using IKubernetes client = Client(server);
        return await ask(client, TestContext.Current.CancellationToken);
    }
}
