using System.Net;
using System.Text;
using System.Text.Json;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Tests.Unit.Simulators;

public sealed class ClusterSimulatorTests : IAsyncLifetime
{
    private const string Manifests =
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node-1}
        spec: {unschedulable: true}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-1, namespace: shop, uid: 11111111-1111-1111-1111-111111111111, creationTimestamp: "{{now-1h}}", labels: {app: web, tier: front, release: 1.10}}
        spec: {nodeName: node-1, containers: [{name: web}]}
        status:
          phase: Running
          containerStatuses: [{name: web, state: {running: {startedAt: "{{now-1h}}"}}, lastState: {}}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-2, namespace: shop, labels: {app: web, tier: back}}
        spec: {nodeName: node-2, containers: [{name: web}, {name: proxy}], initContainers: [{name: setup}]}
        status:
          phase: Pending
          containerStatuses:
          - {name: web, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1}}}
          - {name: proxy, state: {waiting: {reason: ImagePullBackOff}}, lastState: {}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db-1, namespace: data, labels: {app: db}}
        spec: {containers: [{name: db}]}
        status: {phase: Pending}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-3, namespace: shop, labels: {app: cache}}
        spec: {nodeName: node-2, containers: [{name: web}]}
        status: {phase: Pending}
        ---
        apiVersion: v1
        kind: Event
        metadata: {name: web-1.a, namespace: shop}
        involvedObject: {kind: Pod, namespace: shop, name: web-1, uid: 11111111-1111-1111-1111-111111111111}
        reason: BackOff
        type: Warning
        source: {component: kubelet}
        ---
        apiVersion: v1
        kind: Event
        metadata: {name: web-1.b, namespace: shop}
        involvedObject: {kind: Pod, namespace: shop, name: web-1, uid: 11111111-1111-1111-1111-111111111111}
        reason: Pulled
        type: Normal
        reportingComponent: kubelet
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: import, namespace: shop}
        spec: {backoffLimit: 3}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec: {replicas: 2, selector: {matchLabels: {app: web}}}
        status: {replicas: 1}
        ---
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: {name: tls, namespace: shop}
        spec: {secretName: tls}
        """;

    private readonly SettableTime _time = new();
    private readonly HttpClient _client = new();
    private ClusterSimulator _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterSimulator.StartAsync(Manifests, time: _time, cancellationToken: Cancellation);
        _client.BaseAddress = _cluster.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Get_Pod_HasItsTypeFirstAndWhatTheServerFillsIn()
    {
        var (status, pod) = await GetAsync("api/v1/namespaces/shop/pods/web-2");

        status.ShouldBe(HttpStatusCode.OK);
        pod.EnumerateObject().Select(property => property.Name).ShouldBe(["kind", "apiVersion", "metadata", "spec", "status"]);
        var metadata = pod.GetProperty("metadata");
        metadata.EnumerateObject().Select(property => property.Name).ShouldBe(["name", "namespace", "uid", "resourceVersion", "creationTimestamp", "labels"]);
        Guid.TryParse(metadata.GetProperty("uid").GetString(), out _).ShouldBeTrue();
        metadata.GetProperty("creationTimestamp").GetString().ShouldBe("2026-11-22T08:11:16Z");
        metadata.GetProperty("resourceVersion").ValueKind.ShouldBe(JsonValueKind.String);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Get_GivenMetadata_IsKept()
    {
        var (_, pod) = await GetAsync("api/v1/namespaces/shop/pods/web-1");

        pod.GetProperty("metadata").GetProperty("uid").GetString().ShouldBe("11111111-1111-1111-1111-111111111111");
        pod.GetProperty("metadata").GetProperty("creationTimestamp").GetString().ShouldBe("2026-11-22T07:11:16Z");
        pod.GetProperty("metadata").GetProperty("labels").GetProperty("release").GetString().ShouldBe("1.10");
    }

    [Theory]
    [InlineData("api/v1/namespaces/shop/pods/gone-pod", """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \"gone-pod\" not found","reason":"NotFound","details":{"name":"gone-pod","kind":"pods"},"code":404}""")]
    [InlineData("apis/batch/v1/namespaces/shop/jobs/gone", """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"jobs.batch \"gone\" not found","reason":"NotFound","details":{"name":"gone","group":"batch","kind":"jobs"},"code":404}""")]
    [InlineData("api/v1/nodes/gone", """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"nodes \"gone\" not found","reason":"NotFound","details":{"name":"gone","kind":"nodes"},"code":404}""")]
    [InlineData("api/v1/namespaces/gone/pods/web-1/log", """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \"web-1\" not found","reason":"NotFound","details":{"name":"web-1","kind":"pods"},"code":404}""")]
    public async Task Get_MissingObject_IsNotFoundAndInOrder(string path, string expected)
    {
        var answer = await _client.GetAsync(path, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldBe(expected);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("apis/longhorn.io/v1beta2/namespaces/shop/volumes")]
    [InlineData("apis/metrics.k8s.io/v1beta1/namespaces/shop/pods")]
    public async Task Get_GroupThatIsNotInstalled_IsPageNotFoundAndInOrder(string path)
    {
        var answer = await _client.GetAsync(path, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldBe("404 page not found\n");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("api/v1/namespaces/shop/podz", 404)]
    [InlineData("api/v2/pods", 404)]
    [InlineData("apis/batch/v1beta1/namespaces/shop/cronjobs", 404)]
    [InlineData("api/v1/namespaces/shop/nodes", 404)]
    [InlineData("api/v1/pods/web-1", 404)]
    [InlineData("api/v1/namespaces/shop/pods/web-1/scale", 404)]
    [InlineData("nowhere", 404)]
    [InlineData("api/v1/namespaces/shop/pods?watch=true&fieldSelector=spec.restarts%3D1", 400)]
    [InlineData("api/v1/namespaces/shop/pods?labelSelector=app%20%3D%3D%3D%20web", 400)]
    [InlineData("api/v1/namespaces/shop/pods?labelSelector=app%20in%20web", 400)]
    [InlineData("api/v1/namespaces/shop/pods?fieldSelector=spec.restarts%3D1", 400)]
    [InlineData("api/v1/nodes?fieldSelector=status.phase%3DReady", 400)]
    [InlineData("api/v1/namespaces/shop/pods?limit=some", 400)]
    [InlineData("api/v1/namespaces/shop/pods?limit=1&continue=abc", 400)]
    [InlineData("api/v1/namespaces/shop/pods/web-1/log?tailLines=-1", 422)]
    [InlineData("api/v1/namespaces/shop/pods/web-1/log?limitBytes=0", 422)]
    public async Task Get_WhatNoClientShouldAsk_IsUnexpected(string path, int status)
    {
        var answer = await _client.GetAsync(path, Cancellation);

        ((int)answer.StatusCode).ShouldBe(status);
        _cluster.UnexpectedCalls.ShouldHaveSingleItem().Request.Target.ShouldBe("/" + path);
    }

    [Fact]
    public async Task List_Namespace_HasListKindAndItemsWithoutTheirs()
    {
        var (_, list) = await GetAsync("api/v1/namespaces/shop/pods");

        list.GetProperty("kind").GetString().ShouldBe("PodList");
        list.GetProperty("apiVersion").GetString().ShouldBe("v1");
        Names(list).ShouldBe(["web-1", "web-2", "web-3"]);
        list.GetProperty("items")[0].TryGetProperty("kind", out _).ShouldBeFalse();
        list.GetProperty("metadata").TryGetProperty("continue", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("api/v1/pods", "PodList", "db-1 web-1 web-2 web-3")]
    [InlineData("api/v1/nodes", "NodeList", "node-1")]
    [InlineData("apis/batch/v1/jobs", "JobList", "import")]
    [InlineData("api/v1/namespaces", "NamespaceList", "data default shop")]
    [InlineData("api/v1/namespaces/gone/pods", "PodList", "")]
    [InlineData("apis/cert-manager.io/v1/namespaces/shop/certificates", "CertificateList", "tls")]
    public async Task List_AnyScope_HasItsObjects(string path, string kind, string names)
    {
        var (_, list) = await GetAsync(path);

        list.GetProperty("kind").GetString().ShouldBe(kind);
        string.Join(' ', Names(list)).ShouldBe(names);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("app=web", "web-1 web-2")]
    [InlineData("app==web", "web-1 web-2")]
    [InlineData("app!=web", "db-1 web-3")]
    [InlineData("app=web,tier!=front", "web-2")]
    [InlineData("app in (db, cache)", "db-1 web-3")]
    [InlineData("app notin (db,cache),tier", "web-1 web-2")]
    [InlineData("tier", "web-1 web-2")]
    [InlineData("!tier", "db-1 web-3")]
    [InlineData("tier notin (front)", "db-1 web-2 web-3")]
    [InlineData("release=1.10", "web-1")]
    [InlineData("", "db-1 web-1 web-2 web-3")]
    public async Task List_LabelSelector_Selects(string selector, string names)
    {
        var (_, list) = await GetAsync($"api/v1/pods?labelSelector={Uri.EscapeDataString(selector)}");

        string.Join(' ', Names(list)).ShouldBe(names);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("pods", "metadata.name=web-1", "web-1")]
    [InlineData("pods", "metadata.namespace!=shop", "db-1")]
    [InlineData("pods", "spec.nodeName=node-2,status.phase=Pending", "web-2 web-3")]
    [InlineData("pods", "spec.nodeName=", "db-1")]
    [InlineData("pods", "status.phase==Running", "web-1")]
    [InlineData("nodes", "spec.unschedulable=true", "node-1")]
    [InlineData("events", "involvedObject.name=web-1,type=Warning", "web-1.a")]
    [InlineData("events", "involvedObject.kind=Pod,involvedObject.namespace=shop,reason!=BackOff", "web-1.b")]
    [InlineData("events", "involvedObject.uid=11111111-1111-1111-1111-111111111111", "web-1.a web-1.b")]
    [InlineData("events", "source=kubelet", "web-1.a web-1.b")]
    public async Task List_FieldSelector_Selects(string plural, string selector, string names)
    {
        var (_, list) = await GetAsync($"api/v1/{plural}?fieldSelector={Uri.EscapeDataString(selector)}");

        string.Join(' ', Names(list)).ShouldBe(names);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("api/v1/pods", "db-1 web-1|web-2 web-3")]
    [InlineData("api/v1/namespaces/shop/pods", "web-1 web-2|web-3")]
    public async Task List_Limit_IsContinued(string path, string pages)
    {
        var (_, first) = await GetAsync($"{path}?limit=2");
        var token = first.GetProperty("metadata").GetProperty("continue").GetString()!;
        var (_, second) = await GetAsync($"{path}?limit=2&continue={Uri.EscapeDataString(token)}");

        $"{string.Join(' ', Names(first))}|{string.Join(' ', Names(second))}".ShouldBe(pages);
        first.GetProperty("metadata").GetProperty("remainingItemCount").GetInt32().ShouldBe(Names(second).Length);
        second.GetProperty("metadata").TryGetProperty("continue", out _).ShouldBeFalse();
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task List_LimitWithSelector_DoesNotCountTheRest()
    {
        var (_, list) = await GetAsync("api/v1/pods?limit=1&labelSelector=app%3Dweb");

        list.GetProperty("metadata").TryGetProperty("continue", out _).ShouldBeTrue();
        list.GetProperty("metadata").TryGetProperty("remainingItemCount", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task List_TokenOfAnotherServer_IsRead()
    {
        // As a real API server wrote it: {"v":"meta.k8s.io/v1","rv":1,"start":"a\u0000"}.
        var (status, list) = await GetAsync("api/v1/namespaces/shop/pods?limit=1&continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhXHUwMDAwIn0");

        status.ShouldBe(HttpStatusCode.OK);
        Names(list).ShouldBe(["web-1"]);
    }

    [Fact]
    public async Task Forbid_Resource_IsRefusedInKubernetesWords()
    {
        _cluster.User = "system:serviceaccount:default:reader";
        _cluster.Forbid("pods", "shop", "list");
        _cluster.Forbid("nodes");
        _cluster.Forbid("pods/log");

        (await ForbiddenAsync("api/v1/namespaces/shop/pods")).ShouldBe(
            "pods is forbidden: User \"system:serviceaccount:default:reader\" cannot list resource \"pods\" in API group \"\" in the namespace \"shop\"");
        (await ForbiddenAsync("api/v1/nodes/node-1")).ShouldBe(
            "nodes \"node-1\" is forbidden: User \"system:serviceaccount:default:reader\" cannot get resource \"nodes\" in API group \"\" at the cluster scope");
        (await ForbiddenAsync("api/v1/namespaces/shop/pods/web-1/log")).ShouldBe(
            "pods \"web-1\" is forbidden: User \"system:serviceaccount:default:reader\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"shop\"");
        (await GetAsync("api/v1/namespaces/shop/pods/web-1")).Status.ShouldBe(HttpStatusCode.OK);
        (await GetAsync("api/v1/namespaces/data/pods")).Status.ShouldBe(HttpStatusCode.OK);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer right", HttpStatusCode.OK)]
    public async Task Get_ClusterWithToken_ChecksIt(string? authorization, HttpStatusCode expected)
    {
        await using var cluster = await ClusterSimulator.StartAsync("", token: "right", cancellationToken: Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(cluster.Address, "api/v1/pods"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        var answer = await _client.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(expected);
        if (expected == HttpStatusCode.OK)
            return;
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldBe(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}""");
        cluster.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("", "a\nb\nc\n")]
    [InlineData("container=web", "a\nb\nc\n")]
    [InlineData("tailLines=2", "b\nc\n")]
    [InlineData("tailLines=0", "")]
    [InlineData("tailLines=2&limitBytes=3", "b\nc")]
    [InlineData("follow=false&limitBytes=500", "a\nb\nc\n")]
    public async Task Log_Options_CutIt(string query, string expected)
    {
        _cluster.SetLog("shop", "web-1", "web", "a\nb\nc\n");

        var answer = await _client.GetAsync($"api/v1/namespaces/shop/pods/web-1/log?{query}", Cancellation);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldBe(expected);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Log_TimedLines_CanBeSelectedAndStamped()
    {
        _cluster.SetLog("shop", "web-1", "web", "{{now-90s}} old\n{{now-10s}} new\n  at its stack\n");

        (await LogAsync("sinceSeconds=60")).ShouldBe("2026-11-22T08:11:06Z new\n  at its stack\n");
        (await LogAsync("timestamps=true&tailLines=1")).ShouldBe("2026-11-22T08:11:06.000000000Z   at its stack\n");
    }

    [Theory]
    [InlineData("web-1", "previous=true", 400, "previous terminated container \"web\" in pod \"web-1\" not found")]
    [InlineData("web-1", "container=nope", 400, "container nope is not valid for pod web-1")]
    [InlineData("web-2", "container=proxy", 400, "container \"proxy\" in pod \"web-2\" is waiting to start: trying and failing to pull image")]
    [InlineData("web-3", "", 404, "the server could not find the requested resource ( pods/log web-3)")]
    public async Task Log_NotThere_SaysWhyAndIsInOrder(string pod, string query, int status, string message)
    {
        var answer = await _client.GetAsync($"api/v1/namespaces/shop/pods/{pod}/log?{query}", Cancellation);

        ((int)answer.StatusCode).ShouldBe(status);
        (await JsonAsync(answer)).GetProperty("message").GetString().ShouldBe(message);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Log_SeveralContainersAndNoneNamed_IsUnexpected()
    {
        var (status, body) = await GetAsync("api/v1/namespaces/shop/pods/web-2/log");

        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("message").GetString().ShouldBe(
            "a container name must be specified for pod web-2, choose one of: [web proxy] or one of the init containers: [setup]");
        _cluster.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Log_BetweenTwoRuns_IsThatOfTheLast()
    {
        _cluster.SetLog("shop", "web-2", "web", "the end\n", previous: true);

        (await LogAsync("container=web", "web-2")).ShouldBe("the end\n");
        (await LogAsync("container=web&previous=true", "web-2")).ShouldBe("the end\n");
    }

    [Fact]
    public async Task Log_PodWithoutNode_HasNoContent() =>
        (await _client.GetAsync("api/v1/namespaces/data/pods/db-1/log", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    [Fact]
    public async Task Scale_Deployment_IsMadeFromIt()
    {
        var (_, scale) = await GetAsync("apis/apps/v1/namespaces/shop/deployments/web/scale");

        scale.GetProperty("kind").GetString().ShouldBe("Scale");
        scale.GetProperty("spec").GetProperty("replicas").GetInt32().ShouldBe(2);
        scale.GetProperty("status").GetRawText().ShouldBe("""{"replicas":1,"selector":"app=web"}""");
    }

    [Fact]
    public async Task Apply_PresentObject_ReplacesItUnderTheSameUid()
    {
        var (_, before) = await GetAsync("apis/batch/v1/namespaces/shop/jobs/import");
        _time.Now += TimeSpan.FromMinutes(1);

        _cluster.Apply("{apiVersion: batch/v1, kind: Job, metadata: {name: import, namespace: shop}, status: {succeeded: 1}}");

        var (_, after) = await GetAsync("apis/batch/v1/namespaces/shop/jobs/import");
        after.TryGetProperty("spec", out _).ShouldBeFalse();
        after.GetProperty("status").GetProperty("succeeded").GetInt32().ShouldBe(1);
        Metadata(after, "uid").ShouldBe(Metadata(before, "uid"));
        Metadata(after, "creationTimestamp").ShouldBe(Metadata(before, "creationTimestamp"));
        Metadata(after, "resourceVersion").ShouldNotBe(Metadata(before, "resourceVersion"));
        Names((await GetAsync("apis/batch/v1/jobs?fieldSelector=status.successful%3D1")).Body).ShouldBe(["import"]);
    }

    [Fact]
    public async Task Delete_Object_IsGone()
    {
        _cluster.Delete("Pod", "shop", "web-1");
        _cluster.Delete("Node", null, "node-1");

        (await GetAsync("api/v1/namespaces/shop/pods/web-1")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync("api/v1/nodes/node-1")).Status.ShouldBe(HttpStatusCode.NotFound);
        Should.Throw<KeyNotFoundException>(() => _cluster.Delete("Pod", "shop", "web-1"));
    }

    [Fact]
    public async Task Apply_CustomResourceDefinition_NamesThePlural()
    {
        _cluster.Apply(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: oxen.farm.example}
            spec: {group: farm.example, scope: Cluster, names: {plural: oxen, kind: Ox}, versions: [{name: v1}]}
            ---
            {apiVersion: farm.example/v1, kind: Ox, metadata: {name: bo}}
            """);

        var (_, list) = await GetAsync("apis/farm.example/v1/oxen");
        Names(list).ShouldBe(["bo"]);
        list.GetProperty("items")[0].GetProperty("kind").GetString().ShouldBe("Ox");
    }

    [Theory]
    [InlineData("{kind: Pod, metadata: {name: a}}")]
    [InlineData("{apiVersion: v1, kind: Pod}")]
    [InlineData("{apiVersion: v1, kind: Pod, metadata: {namespace: a}}")]
    [InlineData("{apiVersion: v1, kind: Pox, metadata: {name: a}}")]
    [InlineData("{apiVersion: batch/v2, kind: Job, metadata: {name: a}}")]
    [InlineData("[1, 2]")]
    [InlineData("{apiVersion: v1, kind: Pod, metadata: {name: a, creationTimestamp: \"{{now-5x}}\"}}")]
    public void Apply_NoObject_Throws(string yaml) => Should.Throw<FormatException>(() => _cluster.Apply(yaml));

    [Fact]
    public async Task Discovery_Cluster_ListsGroupsAndResources()
    {
        (await GetAsync("version")).Body.GetProperty("minor").GetString().ShouldBe("32");
        (await GetAsync("api")).Body.GetProperty("versions")[0].GetString().ShouldBe("v1");
        (await GetAsync("apis")).Body.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("name").GetString())
            .ShouldBeSubsetOf(["apps", "authorization.k8s.io", "batch", "cert-manager.io", "apiextensions.k8s.io", "autoscaling", "coordination.k8s.io", "discovery.k8s.io",
                "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "scheduling.k8s.io", "storage.k8s.io"]);
        (await GetAsync("apis/batch")).Body.GetProperty("preferredVersion").GetProperty("groupVersion").GetString().ShouldBe("batch/v1");
        (await GetAsync("apis/batch/v1")).Body.GetProperty("resources").EnumerateArray().Select(resource => resource.GetProperty("name").GetString())
            .ShouldBe(["cronjobs", "cronjobs/status", "jobs", "jobs/status"]);
        (await GetAsync("api/v1")).Body.GetProperty("resources").EnumerateArray()
            .Single(resource => resource.GetProperty("name").GetString() == "pods").GetProperty("shortNames")[0].GetString().ShouldBe("po");
        (await _client.GetStringAsync("readyz", Cancellation)).ShouldBe("ok");
        _cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task StartAsync_Directory_ReadsManifestsAndLogs()
    {
        var directory = Directory.CreateTempSubdirectory("cluster-simulator-").FullName;
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(directory, "pods.yaml"),
                "{apiVersion: v1, kind: Pod, metadata: {name: p.1, namespace: n}, spec: {nodeName: x, containers: [{name: c}]}}",
                Cancellation);
            await File.WriteAllTextAsync(Path.Combine(directory, "nodes.yml"), "{apiVersion: v1, kind: Node, metadata: {name: x}}", Cancellation);
            var logs = Directory.CreateDirectory(Path.Combine(directory, "logs", "n", "p.1")).FullName;
            await File.WriteAllTextAsync(Path.Combine(logs, "c.log"), "now\n", Cancellation);
            await File.WriteAllTextAsync(Path.Combine(logs, "c.previous.log"), "then\n", Cancellation);

            await using var cluster = await ClusterSimulator.StartAsync(directory, cancellationToken: Cancellation);

            (await _client.GetStringAsync(new Uri(cluster.Address, "api/v1/nodes/x"), Cancellation)).ShouldContain("\"Node\"");
            (await _client.GetStringAsync(new Uri(cluster.Address, "api/v1/namespaces/n/pods/p.1/log"), Cancellation)).ShouldBe("now\n");
            (await _client.GetStringAsync(new Uri(cluster.Address, "api/v1/namespaces/n/pods/p.1/log?previous=true"), Cancellation)).ShouldBe("then\n");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Faults_TooManyRequests_IsKubernetesOwn()
    {
        _cluster.Faults.Next(1, ClusterFaults.TooManyRequests(TimeSpan.FromSeconds(7)));

        var answer = await _client.GetAsync("api/v1/pods", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        var status = await JsonAsync(answer);
        status.GetProperty("reason").GetString().ShouldBe("TooManyRequests");
        status.GetProperty("details").GetProperty("retryAfterSeconds").GetInt32().ShouldBe(7);
    }

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(410, "Expired")]
    public async Task Faults_OtherFailures_HaveTheirReason(int status, string reason)
    {
        Fault[] faults = [ClusterFaults.InternalError(), ClusterFaults.Unavailable(), ClusterFaults.ContinueExpired()];
        _cluster.Faults.Next(1, faults[Array.IndexOf([500, 503, 410], status)]);

        var answer = await _client.GetAsync("api/v1/pods", Cancellation);

        ((int)answer.StatusCode).ShouldBe(status);
        (await JsonAsync(answer)).GetProperty("reason").GetString().ShouldBe(reason);
    }

    private async Task<string?> ForbiddenAsync(string path)
    {
        var (status, body) = await GetAsync(path);
        status.ShouldBe(HttpStatusCode.Forbidden);
        body.GetProperty("reason").GetString().ShouldBe("Forbidden");
        return body.GetProperty("message").GetString();
    }

    private Task<string> LogAsync(string query, string pod = "web-1") =>
        _client.GetStringAsync($"api/v1/namespaces/shop/pods/{pod}/log?{query}", Cancellation);

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        var answer = await _client.GetAsync(path, Cancellation);
        return (answer.StatusCode, await JsonAsync(answer));
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(Cancellation)));

    private static string?[] Names(JsonElement list) =>
        [.. list.GetProperty("items").EnumerateArray().Select(item => Metadata(item, "name"))];

    private static string? Metadata(JsonElement item, string field) => item.GetProperty("metadata").GetProperty(field).GetString();
}
