using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Cluster.Controllers;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Tests.Unit.Simulators;

public sealed class ClusterWritesTests : IAsyncLifetime
{
    private const string Pods = "api/v1/namespaces/shop/pods";
    private const string Deployment = "apis/apps/v1/namespaces/shop/deployments/web";
    private const string ConfigMap = "api/v1/namespaces/shop/configmaps/settings";
    private const string JsonPatch = "application/json-patch+json";
    private const string MergePatch = "application/merge-patch+json";
    private const string StrategicPatch = "application/strategic-merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";

    private const string Manifests =
        """
        {apiVersion: v1, kind: Node, metadata: {name: node-1}, status: {conditions: [{type: Ready, status: "True"}]}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {a: "1", b: "2"}}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: scraper, namespace: shop}
        spec:
          schedule: "@hourly"
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: OnFailure
                  containers: [{name: scraper, image: "scraper:1", resources: {limits: {memory: 256Mi}}}]
        ---
        {apiVersion: farm.example/v1, kind: Ox, metadata: {name: bo, namespace: shop}, spec: {legs: 4}}
        """;

    private const string Web =
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"app":"web"}},"spec":{"replicas":4,
        "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[
        {"name":"web","image":"web:1","env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"resources":{"limits":{"memory":"256Mi"}}},
        {"name":"proxy","image":"proxy:1"}],"tolerations":[{"key":"a"},{"key":"b"}]}}}}
        """;

    private readonly SettableTime _time = new();
    private readonly HttpClient _client = new();
    private ClusterSimulator _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterSimulator.StartAsync(Manifests, time: _time, cancellationToken: Cancellation);
        _client.BaseAddress = _cluster.Address;
        (await SendAsync("POST", "apis/apps/v1/namespaces/shop/deployments?fieldManager=deployer", Web)).Status.ShouldBe(201);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Create_Deployment_IsFilledInAndRolledOut()
    {
        var web = await GetAsync(Deployment);

        web.Text("metadata", "generation").ShouldBe("1");
        web.Text("spec", "strategy", "rollingUpdate", "maxSurge").ShouldBe("25%");
        web.Text("metadata", "annotations", "deployment.kubernetes.io/revision").ShouldBe("1");
        web.Text("status", "readyReplicas").ShouldBe("4");
        Names(await GetAsync($"{Pods}?labelSelector=app%3Dweb")).Length.ShouldBe(4);
        _cluster.Requests[0].Method.ShouldBe("POST");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("""{"kind":"Deployment","metadata":{"name":"web"},"spec":{"template":{"spec":{"containers":[{"name":"a","image":"a"}]}}}}""", 409, "AlreadyExists")]
    [InlineData("""{"kind":"Deployment","metadata":{},"spec":{}}""", 422, "Invalid")]
    [InlineData("""{"kind":"Deployment","metadata":{"name":"x"},"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}""", 422, "Invalid")]
    [InlineData("""{"kind":"Deployment","metadata":{"name":"x"},"spec":{"template":{"spec":{"containers":[{"name":"a","image":"a","resources":{"limits":{"cpu":"much"}}}]}}}}""", 400, "BadRequest")]
    [InlineData("""{"kind":"Pod","metadata":{"name":"x"}}""", 400, "BadRequest")]
    [InlineData("{", 400, "BadRequest")]
    public async Task Create_BadObject_IsRefused(string body, int status, string reason)
    {
        var answer = await SendAsync("POST", "apis/apps/v1/namespaces/shop/deployments", body);

        answer.Status.ShouldBe(status);
        answer.Body.Text("reason").ShouldBe(reason);
        _cluster.UnexpectedCalls.Count.ShouldBe(status == 400 ? 1 : 0);
    }

    [Fact]
    public async Task Create_GenerateName_MakesDifferentNames()
    {
        const string Body = """{"metadata":{"generateName":"set-"},"data":{}}""";

        var first = await SendAsync("POST", "api/v1/namespaces/shop/configmaps", Body);
        var second = await SendAsync("POST", "api/v1/namespaces/shop/configmaps", Body);

        first.Body.Text("metadata", "name")!.ShouldStartWith("set-");
        second.Body.Text("metadata", "name").ShouldNotBe(first.Body.Text("metadata", "name"));
    }

    [Fact]
    public async Task Replace_ReadResourceVersion_SucceedsOnce()
    {
        var read = await GetAsync(ConfigMap);
        read["data"]!["a"] = "9";

        var first = await SendAsync("PUT", ConfigMap, read.ToJsonString());
        var second = await SendAsync("PUT", ConfigMap, read.ToJsonString());

        first.Status.ShouldBe(200);
        first.Body.Text("metadata", "resourceVersion").ShouldNotBe(read.Text("metadata", "resourceVersion"));
        second.Status.ShouldBe(409);
        second.Body.Text("message").ShouldBe(
            "Operation cannot be fulfilled on configmaps \"settings\": the object has been modified; please apply your changes to the latest version and try again");
    }

    [Theory]
    [InlineData(JsonPatch, """[{"op":"test","path":"/data/a","value":"1"},{"op":"replace","path":"/data/a","value":"3"},{"op":"remove","path":"/data/b"}]""", """{"a":"3"}""")]
    [InlineData(JsonPatch, """[{"op":"add","path":"/data/x~1y","value":"3"},{"op":"copy","from":"/data/a","path":"/data/c"}]""", """{"a":"1","b":"2","x/y":"3","c":"1"}""")]
    [InlineData(JsonPatch, """[{"op":"move","from":"/data/a","path":"/data/c"}]""", """{"b":"2","c":"1"}""")]
    [InlineData(MergePatch, """{"data":{"a":null,"c":"3"}}""", """{"b":"2","c":"3"}""")]
    [InlineData(StrategicPatch, """{"data":{"$patch":"replace","c":"3"}}""", """{"c":"3"}""")]
    [InlineData(StrategicPatch, """{"data":{"$retainKeys":["a"],"a":"5"}}""", """{"a":"5"}""")]
    public async Task Patch_ConfigMap_Changes(string mediaType, string patch, string data)
    {
        var (status, body) = await SendAsync("PATCH", ConfigMap, patch, mediaType);

        status.ShouldBe(200);
        body["data"]!.ToJsonString().ShouldBe(data);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Patch_StrategicLists_AreMergedByTheirKeys()
    {
        const string Patch =
            """
            {"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"B","value":"3"},{"name":"A","$patch":"delete"},{"name":"C","value":"4"}]},
            {"name":"proxy","$patch":"delete"}],"tolerations":[{"key":"c"}]}}}}
            """;

        var (status, body) = await SendAsync("PATCH", Deployment, Patch, StrategicPatch);

        status.ShouldBe(200);
        var spec = body.At("spec", "template", "spec")!;
        spec.Objects("containers").Select(container => container.Text("name")).ShouldBe(["web"]);
        spec["containers"]![0]!["env"]!.ToJsonString().ShouldBe("""[{"name":"B","value":"3"},{"name":"C","value":"4"}]""");
        spec["containers"]![0].Text("image").ShouldBe("web:1");
        spec["tolerations"]!.ToJsonString().ShouldBe("""[{"key":"c"}]""");
    }

    [Fact]
    public async Task Patch_StrategicOfCustomResource_IsNoMediaType()
    {
        (await SendAsync("PATCH", "apis/farm.example/v1/namespaces/shop/oxes/bo", "{}", StrategicPatch)).Status.ShouldBe(415);
        (await SendAsync("PATCH", "apis/farm.example/v1/namespaces/shop/oxes/bo", """{"spec":{"legs":3}}""", MergePatch)).Body.Text("spec", "legs").ShouldBe("3");
        _cluster.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Patch_DryRun_AnswersTheResultAndStoresNothing()
    {
        var before = await GetAsync(Deployment);

        var (status, body) = await SendAsync("PATCH", $"{Deployment}?dryRun=All&fieldManager=me", """{"spec":{"replicas":9}}""", MergePatch);

        status.ShouldBe(200);
        body.Text("spec", "replicas").ShouldBe("9");
        body.Text("metadata", "generation").ShouldBe("2");
        body.Objects("metadata", "managedFields").Select(entry => entry.Text("manager")).ShouldBe(["deployer", "me"]);
        (await GetAsync(Deployment)).ToJsonString().ShouldBe(before.ToJsonString());
        (await SendAsync("POST", "api/v1/namespaces/shop/configmaps?dryRun=All", """{"metadata":{"name":"new"}}""")).Status.ShouldBe(201);
        (await SendAsync("GET", "api/v1/namespaces/shop/configmaps/new")).Status.ShouldBe(404);
        (await SendAsync("DELETE", $"{ConfigMap}?dryRun=All")).Status.ShouldBe(200);
        (await SendAsync("GET", ConfigMap)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Patch_Nothing_KeepsTheResourceVersion()
    {
        var before = await GetAsync(ConfigMap);

        var (_, after) = await SendAsync("PATCH", ConfigMap, """{"data":{"a":"1"}}""", MergePatch);

        after.ToJsonString().ShouldBe(before.ToJsonString());
    }

    [Theory]
    [InlineData(Deployment, """{"spec":{"replicas":-1}}""", "spec.replicas")]
    [InlineData(Deployment, """{"spec":{"selector":{"matchLabels":{"app":"x"}}}}""", "spec.selector")]
    public async Task Patch_AgainstTheRules_IsInvalid(string path, string patch, string field)
    {
        var (status, body) = await SendAsync("PATCH", path, patch, MergePatch);

        status.ShouldBe(422);
        body.Objects("details", "causes").Single().Text("field").ShouldBe(field);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Patch_RunningPodsResources_IsForbiddenByItsRules()
    {
        var pod = Names(await GetAsync(Pods))[0];

        var (status, body) = await SendAsync(
            "PATCH", $"{Pods}/{pod}", """{"spec":{"containers":[{"name":"web","resources":{"limits":{"memory":"1Gi"}}}]}}""", StrategicPatch);

        status.ShouldBe(422);
        body.Text("message")!.ShouldContain("pod updates may not change fields other than");
    }

    [Fact]
    public async Task Patch_StatusOfObject_IsKeptApartFromItsSpec()
    {
        const string Patch = """{"spec":{"paused":true},"status":{"replicas":99}}""";

        var (_, viaObject) = await SendAsync("PATCH", Deployment, Patch, MergePatch);
        viaObject.Text("status", "replicas").ShouldBe("4");
        viaObject.Text("spec", "paused").ShouldBe("true");

        var (_, viaStatus) = await SendAsync("PATCH", $"{Deployment}/status", """{"spec":{"paused":false},"status":{"replicas":99}}""", MergePatch);
        viaStatus.Text("status", "replicas").ShouldBe("99");
        viaStatus.Text("spec", "paused").ShouldBe("true");
    }

    [Fact]
    public async Task Apply_FieldOfAnother_IsAConflictUnlessForced()
    {
        const string Document = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","annotations":{"mine":"yes"}},"spec":{"replicas":2}}""";

        var (refused, why) = await SendAsync("PATCH", $"{Deployment}?fieldManager=me", Document, Apply);
        refused.ShouldBe(409);
        why.Text("message").ShouldBe("Apply failed with 1 conflict: conflict with \"deployer\" using apps/v1: .spec.replicas");
        (await SendAsync("PATCH", $"{Deployment}?fieldManager=me&force=true", Document, Apply)).Body.Text("spec", "replicas").ShouldBe("2");

        // It is mine now: another may not change it, and what I no longer say goes.
        (await SendAsync("PATCH", $"{Deployment}?fieldManager=you", Document.Replace("2}", "3}", StringComparison.Ordinal), Apply)).Status.ShouldBe(409);
        var (_, less) = await SendAsync("PATCH", $"{Deployment}?fieldManager=me", """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2}}""", Apply);
        less.At("metadata", "annotations", "mine").ShouldBeNull();
        less.Text("spec", "template", "spec", "dnsPolicy").ShouldBe("ClusterFirst");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Apply_WithoutFieldManager_IsUnexpected()
    {
        (await SendAsync("PATCH", Deployment, "{}", Apply)).Status.ShouldBe(422);
        _cluster.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"preconditions":{"resourceVersion":"1"}}""", 409)]
    [InlineData("""{"preconditions":{"uid":"00000000-0000-0000-0000-000000000000"}}""", 409)]
    [InlineData("""{"dryRun":["All"]}""", 200)]
    public async Task Delete_WithOptions_KeepsTheObject(string options, int status)
    {
        (await SendAsync("DELETE", ConfigMap, options)).Status.ShouldBe(status);
        (await SendAsync("GET", ConfigMap)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("Background", 0)]
    [InlineData("Orphan", 4)]
    public async Task Delete_Deployment_TakesWhatItOwnsUnlessOrphaned(string propagation, int left)
    {
        var (status, body) = await SendAsync("DELETE", Deployment, $$"""{"propagationPolicy":"{{propagation}}"}""");

        status.ShouldBe(200);
        body.Text("details", "kind").ShouldBe("deployments");
        Names(await GetAsync(Pods)).Length.ShouldBe(left);
        (await SendAsync("DELETE", Deployment)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Scale_Deployment_MakesAndRemovesPods()
    {
        (await SendAsync("PATCH", $"{Deployment}/scale", """{"spec":{"replicas":6}}""", MergePatch)).Body.Text("spec", "replicas").ShouldBe("6");
        Names(await GetAsync(Pods)).Length.ShouldBe(6);

        var scale = await GetAsync($"{Deployment}/scale");
        scale["spec"]!["replicas"] = 1;
        (await SendAsync("PUT", $"{Deployment}/scale", scale.ToJsonString())).Status.ShouldBe(200);
        Names(await GetAsync(Pods)).Length.ShouldBe(1);
        (await SendAsync("PUT", $"{Deployment}/scale", scale.ToJsonString())).Status.ShouldBe(409);
    }

    [Theory]
    [InlineData("minAvailable: 4", 429)]
    [InlineData("minAvailable: 75%", 201)]
    [InlineData("maxUnavailable: 0", 429)]
    [InlineData("maxUnavailable: 1", 201)]
    public async Task Evict_PodWithBudget_RespectsIt(string rule, int expected)
    {
        _cluster.Apply($"{{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {{name: web, namespace: shop}}, spec: {{{rule}, selector: {{matchLabels: {{app: web}}}}}}}}");
        var pod = Names(await GetAsync(Pods))[0];

        var (status, body) = await SendAsync("POST", $"{Pods}/{pod}/eviction", """{"apiVersion":"policy/v1","kind":"Eviction"}""");

        status.ShouldBe(expected);
        Names(await GetAsync(Pods)).Contains(pod).ShouldBe(expected == 429);
        Names(await GetAsync(Pods)).Length.ShouldBe(4);
        if (expected == 429)
        {
            body.Text("reason").ShouldBe("TooManyRequests");
            body.Objects("details", "causes").Single().Text("reason").ShouldBe("DisruptionBudget");
            body.Objects("details", "causes").Single().Text("message").ShouldBe("The disruption budget web needs 4 healthy pods and has 4 currently");
        }

        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Evict_BudgetStillBeingProcessed_SaysWhenToTryAgain()
    {
        _cluster.Apply("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop, generation: 2}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}, status: {observedGeneration: 1}}");
        var pod = Names(await GetAsync(Pods))[0];

        var (status, body) = await SendAsync("POST", $"{Pods}/{pod}/eviction", "{}");

        status.ShouldBe(429);
        body.Text("details", "retryAfterSeconds").ShouldBe("10");
    }

    [Fact]
    public async Task Rollout_PodsThatAreNotWell_StandsBesideTheOldOnes()
    {
        _cluster.OnTemplate("Deployment", "shop", "web").OomBelow("200Mi", "{{now}} allocating\n");

        await SendAsync("PATCH", Deployment, """{"spec":{"template":{"spec":{"containers":[{"name":"web","resources":{"limits":{"memory":"128Mi"}}}]}}}}""", StrategicPatch);

        var stuck = await GetAsync(Deployment);
        stuck.Text("status", "readyReplicas").ShouldBe("3");
        stuck.Text("status", "updatedReplicas").ShouldBe("2");
        stuck.Text("status", "observedGeneration").ShouldBe("2");
        stuck.Objects("status", "conditions").Single(condition => condition.Text("type") == "Progressing").Text("reason").ShouldBe("ReplicaSetUpdated");
        var sick = (await GetAsync(Pods)).Objects("items").First(pod => !PodStatuses.IsReady(pod));
        sick.At("status", "containerStatuses")![0].Text("lastState", "terminated", "reason").ShouldBe("OOMKilled");
        (await _client.GetStringAsync($"{Pods}/{sick.Name()}/log?container=web&previous=true", Cancellation)).ShouldContain("allocating");

        await SendAsync("PATCH", Deployment, """{"spec":{"template":{"spec":{"containers":[{"name":"web","resources":{"limits":{"memory":"512Mi"}}}]}}}}""", StrategicPatch);
        var well = await GetAsync(Deployment);
        well.Text("status", "readyReplicas").ShouldBe("4");
        well.Text("metadata", "annotations", "deployment.kubernetes.io/revision").ShouldBe("3");
        well.At("status", "unavailableReplicas").ShouldBeNull();
    }

    [Fact]
    public async Task RunCronJob_LimitRaised_SucceedsAfterIt()
    {
        const string CronJob = "apis/batch/v1/namespaces/shop/cronjobs/scraper";
        _cluster.OnTemplate("CronJob", "shop", "scraper").OomBelow("400Mi");

        var first = _cluster.RunCronJob("shop", "scraper")!;
        var failing = (await GetAsync($"{Pods}?labelSelector=job-name%3D{first}")).Objects("items").Single();
        failing.At("status", "containerStatuses")![0].Text("state", "waiting", "reason").ShouldBe("CrashLoopBackOff");
        (await GetAsync(CronJob)).Objects("status", "active").Single().Text("name").ShouldBe(first);

        await SendAsync("PATCH", CronJob,
            """{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"scraper","resources":{"limits":{"memory":"512Mi"}}}]}}}}}}""", StrategicPatch);
        _time.Now += TimeSpan.FromHours(1);
        var second = _cluster.RunCronJob("shop", "scraper")!;

        (await GetAsync($"apis/batch/v1/namespaces/shop/jobs/{first}")).Objects("status", "conditions").Select(condition => condition.Text("type")).ShouldContain("Failed");
        (await GetAsync($"apis/batch/v1/namespaces/shop/jobs/{second}")).Objects("status", "conditions").Select(condition => condition.Text("type")).ShouldContain("Complete");
        (await GetAsync($"{Pods}?labelSelector=job-name%3D{second}")).Objects("items").Single().Text("status", "phase").ShouldBe("Succeeded");
        (await GetAsync(CronJob)).Text("status", "lastSuccessfulTime").ShouldBe("2026-11-22T09:11:16Z");

        await SendAsync("PATCH", CronJob, """{"spec":{"suspend":true}}""", MergePatch);
        _cluster.RunCronJob("shop", "scraper").ShouldBeNull();
        Should.Throw<KeyNotFoundException>(() => _cluster.RunCronJob("shop", "gone"));
    }

    [Fact]
    public async Task Job_ThatNeverSucceeds_FailsAtItsBackoffLimit()
    {
        _cluster.OnTemplate("Job", "shop", "once").ExitsWith(3);

        await SendAsync("POST", "apis/batch/v1/namespaces/shop/jobs",
            """{"metadata":{"name":"once"},"spec":{"backoffLimit":2,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"a"}]}}}}""");

        var job = await GetAsync("apis/batch/v1/namespaces/shop/jobs/once");
        job.Text("status", "failed").ShouldBe("3");
        job.Objects("status", "conditions").Last().Text("reason").ShouldBe("BackoffLimitExceeded");
        (await SendAsync("PATCH", "apis/batch/v1/namespaces/shop/jobs/once", """{"spec":{"template":{"spec":{"dnsPolicy":"None"}}}}""", StrategicPatch)).Status.ShouldBe(422);
    }

    [Fact]
    public async Task Rollout_ScriptRecovered_IsWellAndLogs()
    {
        _cluster.OnTemplate("Deployment", "shop", "web").ExitsWith(1).Recover().Logs("{{now}} ready\n");

        await SendAsync("PATCH", Deployment, """{"spec":{"template":{"metadata":{"annotations":{"again":"yes"}}}}}""", MergePatch);

        (await GetAsync(Deployment)).Text("status", "readyReplicas").ShouldBe("4");
        (await _client.GetStringAsync($"{Pods}/{Names(await GetAsync(Pods))[0]}/log?container=web", Cancellation)).ShouldBe("2026-11-22T08:11:16Z ready\n");
        Should.Throw<FormatException>(() => _cluster.OnTemplate("Deployment", "shop", "web").OomBelow("lots"));
    }

    [Theory]
    [InlineData("statefulsets", "StatefulSet", "db-0 db-1")]
    [InlineData("daemonsets", "DaemonSet", null)]
    public async Task Restart_Set_ReplacesItsPods(string plural, string kind, string? names)
    {
        _cluster.Apply("{apiVersion: v1, kind: Namespace, metadata: {name: data}}");
        (await SendAsync("POST", $"apis/apps/v1/namespaces/data/{plural}",
            """{"metadata":{"name":"db"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"db"}},"template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[{"name":"db","image":"db:1"}]}}}}""")).Status.ShouldBe(201);
        var before = await GetAsync("api/v1/namespaces/data/pods");
        if (names is not null)
            string.Join(' ', Names(before)).ShouldBe(names);

        await SendAsync("PATCH", $"apis/apps/v1/namespaces/data/{plural}/db", """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"now"}}}}}""", StrategicPatch);

        var after = await GetAsync("api/v1/namespaces/data/pods");
        after.Objects("items").Count().ShouldBe(before.Objects("items").Count());
        after.Objects("items").Select(pod => pod.Uid()).Intersect(before.Objects("items").Select(pod => pod.Uid())).ShouldBeEmpty();
        (await GetAsync($"apis/apps/v1/namespaces/data/{plural}/db")).Text("status", kind == "StatefulSet" ? "updatedReplicas" : "updatedNumberScheduled")
            .ShouldBe($"{before.Objects("items").Count()}");
    }

    [Fact]
    public async Task Cordon_AllNodes_LeavesNewPodsPending()
    {
        await SendAsync("PATCH", "api/v1/nodes/node-1", """{"spec":{"unschedulable":true}}""", StrategicPatch);

        await SendAsync("PATCH", $"{Deployment}/scale", """{"spec":{"replicas":5}}""", MergePatch);

        var pending = (await GetAsync($"{Pods}?fieldSelector=status.phase%3DPending")).Objects("items").Single();
        pending.At("status", "conditions")![0].Text("reason").ShouldBe("Unschedulable");
    }

    [Fact]
    public async Task Watch_Objects_TellsOfChanges()
    {
        var version = (await GetAsync("api/v1/namespaces/shop/configmaps")).Text("metadata", "resourceVersion");
        using var response = await _client.GetAsync(
            $"api/v1/namespaces/shop/configmaps?watch=true&resourceVersion={version}", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));

        await SendAsync("PATCH", ConfigMap, """{"data":{"a":"7"}}""", MergePatch);
        await SendAsync("DELETE", ConfigMap);

        var first = JsonNode.Parse((await reader.ReadLineAsync(Cancellation))!);
        (first.Text("type"), first.Text("object", "data", "a")).ShouldBe(("MODIFIED", "7"));
        JsonNode.Parse((await reader.ReadLineAsync(Cancellation))!).Text("type").ShouldBe("DELETED");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task List_AsTable_HasCellsAndNames()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Pods}?limit=1");
        request.Headers.TryAddWithoutValidation("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");

        using var answer = await _client.SendAsync(request, Cancellation);

        var table = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        table.Text("kind").ShouldBe("Table");
        table.Objects("columnDefinitions").Select(column => column.Text("name")).Take(5).ShouldBe(["Name", "Ready", "Status", "Restarts", "Age"]);
        table["rows"]![0].Texts("cells").Skip(1).Take(3).ShouldBe(["2/2", "Running", "0"]);
        table["rows"]![0].Text("object", "metadata", "name")!.ShouldStartWith("web-");
        table.At("metadata", "continue").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("POST", "api/v1/namespaces/shop/pods/x")]
    [InlineData("PUT", "api/v1/namespaces/shop/pods")]
    [InlineData("DELETE", "api/v1/namespaces/shop/pods")]
    [InlineData("PATCH", "api/v1/namespaces/shop/pods/x/log")]
    [InlineData("GET", "api/v1/namespaces/shop/pods/x/eviction")]
    [InlineData("POST", "version")]
    public async Task Send_MethodThatIsNotThere_IsUnexpected(string method, string path)
    {
        (await SendAsync(method, path)).Status.ShouldBe(405);
        _cluster.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Send_LostAnswer_IsDoneAllTheSame()
    {
        _cluster.Faults.Next(1, AlertResponder.Simulators.Traffic.Fault.LostAnswer);

        await Should.ThrowAsync<HttpRequestException>(() => SendAsync("PATCH", ConfigMap, """{"data":{"a":"7"}}""", MergePatch));

        (await GetAsync(ConfigMap)).Text("data", "a").ShouldBe("7");
    }

    private async Task<JsonObject> GetAsync(string path)
    {
        var (status, body) = await SendAsync("GET", path);
        status.ShouldBe(200, body.ToJsonString());
        return body;
    }

    private async Task<(int Status, JsonObject Body)> SendAsync(string method, string path, string? body = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue(mediaType));
        using var answer = await _client.SendAsync(request, Cancellation);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!.AsObject());
    }

    private static string[] Names(JsonObject list) => [.. list.Objects("items").Select(item => item.Name())];
}
