using k8s;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>Where each read goes, and with what.</summary>
public sealed class AddressTests
{
    private static readonly Dictionary<string, (string Target, Func<IKubernetes, CancellationToken, Task> Ask)> Reads = new(StringComparer.Ordinal)
    {
        ["pod"] = ("/api/v1/namespaces/ns/pods/a", (c, t) => c.CoreV1.ReadNamespacedPodAsync("a", "ns", cancellationToken: t)),
        ["pods"] = ("/api/v1/namespaces/ns/pods", (c, t) => c.CoreV1.ListNamespacedPodAsync("ns", cancellationToken: t)),
        ["log"] = ("/api/v1/namespaces/ns/pods/a/log?container=b&limitBytes=65536&previous=false&tailLines=20&timestamps=true",
            (c, t) => c.CoreV1.ReadNamespacedPodLogAsync(
                "a", "ns", container: "b", previous: false, tailLines: 20, limitBytes: 65536, timestamps: true, cancellationToken: t)),
        ["events"] = ("/api/v1/namespaces/ns/events?fieldSelector=involvedObject.uid%3D1%2Ctype%21%3DNormal&limit=50",
            (c, t) => c.CoreV1.ListNamespacedEventAsync("ns", fieldSelector: "involvedObject.uid=1,type!=Normal", limit: 50, cancellationToken: t)),
        ["node"] = ("/api/v1/nodes/a", (c, t) => c.CoreV1.ReadNodeAsync("a", cancellationToken: t)),
        ["nodes"] = ("/api/v1/nodes?labelSelector=zone%20in%20%28a%2Cb%29", (c, t) => c.CoreV1.ListNodeAsync(labelSelector: "zone in (a,b)", cancellationToken: t)),
        ["namespace"] = ("/api/v1/namespaces/ns", (c, t) => c.CoreV1.ReadNamespaceAsync("ns", cancellationToken: t)),
        ["claim"] = ("/api/v1/namespaces/ns/persistentvolumeclaims/a",
            (c, t) => c.CoreV1.ReadNamespacedPersistentVolumeClaimAsync("a", "ns", cancellationToken: t)),
        ["deployment"] = ("/apis/apps/v1/namespaces/ns/deployments/a", (c, t) => c.AppsV1.ReadNamespacedDeploymentAsync("a", "ns", cancellationToken: t)),
        ["deployments"] = ("/apis/apps/v1/namespaces/ns/deployments?continue=abc%3D&limit=5",
            (c, t) => c.AppsV1.ListNamespacedDeploymentAsync("ns", continueParameter: "abc=", limit: 5, cancellationToken: t)),
        ["replicaset"] = ("/apis/apps/v1/namespaces/ns/replicasets/a", (c, t) => c.AppsV1.ReadNamespacedReplicaSetAsync("a", "ns", cancellationToken: t)),
        ["replicasets"] = ("/apis/apps/v1/namespaces/ns/replicasets", (c, t) => c.AppsV1.ListNamespacedReplicaSetAsync("ns", cancellationToken: t)),
        ["statefulset"] = ("/apis/apps/v1/namespaces/ns/statefulsets/a", (c, t) => c.AppsV1.ReadNamespacedStatefulSetAsync("a", "ns", cancellationToken: t)),
        ["statefulsets"] = ("/apis/apps/v1/namespaces/ns/statefulsets", (c, t) => c.AppsV1.ListNamespacedStatefulSetAsync("ns", cancellationToken: t)),
        ["daemonset"] = ("/apis/apps/v1/namespaces/ns/daemonsets/a", (c, t) => c.AppsV1.ReadNamespacedDaemonSetAsync("a", "ns", cancellationToken: t)),
        ["daemonsets"] = ("/apis/apps/v1/namespaces/ns/daemonsets", (c, t) => c.AppsV1.ListNamespacedDaemonSetAsync("ns", cancellationToken: t)),
        ["job"] = ("/apis/batch/v1/namespaces/ns/jobs/a", (c, t) => c.BatchV1.ReadNamespacedJobAsync("a", "ns", cancellationToken: t)),
        ["jobs"] = ("/apis/batch/v1/namespaces/ns/jobs", (c, t) => c.BatchV1.ListNamespacedJobAsync("ns", cancellationToken: t)),
        ["cronjob"] = ("/apis/batch/v1/namespaces/ns/cronjobs/a", (c, t) => c.BatchV1.ReadNamespacedCronJobAsync("a", "ns", cancellationToken: t)),
        ["cronjobs"] = ("/apis/batch/v1/namespaces/ns/cronjobs", (c, t) => c.BatchV1.ListNamespacedCronJobAsync("ns", cancellationToken: t)),
    };

    public static TheoryData<string> Names => [.. Reads.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_EachKind_AsksItsAddress(string read)
    {
        await using var server = await ApiServer.StartAsync(context => context.Response.WriteAsync("null", context.RequestAborted));
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        await Reads[read].Ask(client, TestContext.Current.CancellationToken);

        var request = server.Requests.ShouldHaveSingleItem();
        request.Method.ShouldBe("GET");
        request.Target.ShouldBe(Reads[read].Target);
        request.Headers["User-Agent"].ShouldStartWith("kubernetes-csharp/");
    }

    [Fact]
    public async Task Read_HostWithAPath_KeepsThePath()
    {
        await using var server = await ApiServer.StartAsync(context => context.Response.WriteAsync("null", context.RequestAborted));
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url + "k8s/clusters/c-1" });

        await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);

        server.Requests.ShouldHaveSingleItem().Target.ShouldBe("/k8s/clusters/c-1/api/v1/nodes/a");
    }

    [Fact]
    public async Task Read_WithHandlers_PassesThemInOrder()
    {
        await using var server = await ApiServer.StartAsync(context => context.Response.WriteAsync("null", context.RequestAborted));
        using var client = new k8s.Kubernetes(
            new KubernetesClientConfiguration { Host = server.Url.ToString() }, new Mark("1"), new Mark("2") { InnerHandler = new Mark("3") });

        await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);

        server.Requests.ShouldHaveSingleItem().Headers["X-Mark"].Replace(" ", "", StringComparison.Ordinal).ShouldBe("1,2,3");
    }

    [Fact]
    public async Task Read_NoName_IsRefused()
    {
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://localhost:1" });

        await Should.ThrowAsync<ArgumentNullException>(
            () => client.CoreV1.ReadNamespacedPodAsync(null, "ns", cancellationToken: TestContext.Current.CancellationToken));
    }

    private sealed class Mark(string mark) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Mark", mark);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
