using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>Objects of groups that the client has no types for, and the version of the server.</summary>
public sealed class CustomObjectsTests
{
    private const string PodMetrics =
        """
        {
          "kind": "PodMetricsList", "apiVersion": "metrics.k8s.io/v1beta1", "metadata": {},
          "items": [{
            "metadata": {"name": "web-0", "namespace": "shop", "creationTimestamp": "2026-11-22T08:11:16Z", "labels": {"app": "web"}},
            "timestamp": "2026-11-22T08:11:05Z", "window": "15.213s",
            "containers": [{"name": "web", "usage": {"cpu": "12345678n", "memory": "204800Ki"}}]
          }]
        }
        """;

    [Fact]
    public async Task ListNamespacedCustomObject_AsObject_IsTheWholeJson()
    {
        var list = await AskAsync(PodMetrics, (c, token) =>
            c.ListNamespacedCustomObjectAsync("metrics.k8s.io", "v1beta1", "shop", "pods", cancellationToken: token));

        JsonElement.DeepEquals(list.ShouldBeOfType<JsonElement>(), JsonSerializer.Deserialize<JsonElement>(PodMetrics)).ShouldBeTrue();
    }

    [Fact]
    public async Task ListNamespacedCustomObject_AsPodMetrics_HasUsage()
    {
        var list = await AskAsync(PodMetrics, (c, token) =>
            c.ListNamespacedCustomObjectAsync<PodMetricsList>("metrics.k8s.io", "v1beta1", "shop", "pods", cancellationToken: token));

        var pod = list.Items.ShouldHaveSingleItem();
        (pod.Metadata.Name, pod.Window, pod.Timestamp).ShouldBe(("web-0", "15.213s", new DateTime(2026, 11, 22, 8, 11, 5, DateTimeKind.Utc)));
        var usage = pod.Containers.ShouldHaveSingleItem().Usage;
        usage["memory"].ToInt64().ShouldBe(200L * 1024 * 1024);
        usage["cpu"].ToDecimal().ShouldBe(0.012345678m);
    }

    [Fact]
    public async Task GetClusterCustomObject_AsNodeMetrics_HasUsage()
    {
        var node = await AskAsync(
            """{"kind":"NodeMetrics","metadata":{"name":"n1"},"timestamp":"2026-11-22T08:11:05Z","window":"20s","usage":{"cpu":"1500m","memory":"1Gi"}}""",
            (c, token) => c.GetClusterCustomObjectAsync<NodeMetrics>("metrics.k8s.io", "v1beta1", "nodes", "n1", cancellationToken: token));

        node.Usage["cpu"].ToDecimal().ShouldBe(1.5m);
    }

    [Fact]
    public async Task GetNamespacedCustomObject_AsTheCallersOwnType_IsRead()
    {
        var certificate = await AskAsync(
            """
            {
              "kind": "Certificate", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"secretName": "web-tls"},
              "status": {"notAfter": "2026-11-21T08:11:16Z", "conditions": [{"type": "Ready", "status": "False", "reason": "Expired", "message": "m", "lastTransitionTime": "2026-11-21T08:11:16Z"}]}
            }
            """,
            (c, token) => c.GetNamespacedCustomObjectAsync<Certificate>("cert-manager.io", "v1", "shop", "certificates", "web", cancellationToken: token));

        certificate.Metadata.NamespaceProperty.ShouldBe("shop");
        certificate.Status.NotAfter.ShouldBe(new DateTime(2026, 11, 21, 8, 11, 16, DateTimeKind.Utc));
        certificate.Status.Conditions.ShouldHaveSingleItem().Reason.ShouldBe("Expired");
    }

    [Fact]
    public async Task ListNamespacedCustomObject_GroupNotInstalled_IsNotFoundWithoutAStatus()
    {
        await using var server = await ApiServer.StartAsync(RecordedAnswer.Read("32-metrics-not-installed"));
        using IKubernetes client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        var failure = await Should.ThrowAsync<HttpOperationException>(() => client.CustomObjects.ListNamespacedCustomObjectAsync(
            "metrics.k8s.io", "v1beta1", "cardboard", "pods", cancellationToken: TestContext.Current.CancellationToken));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        failure.Response.Content.ShouldStartWith("404 page not found");
        Should.Throw<JsonException>(() => KubernetesJson.Deserialize<V1Status>(failure.Response.Content));
    }

    [Fact]
    public async Task GetCode_RecordedServer_HasItsVersion()
    {
        await using var server = await ApiServer.StartAsync(200, RecordedAnswer.Read("37-version").Response.Body);
        using IKubernetes client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        var version = await client.Version.GetCodeAsync(cancellationToken: TestContext.Current.CancellationToken);

        (version.Major, version.Minor, version.Platform).ShouldBe(("1", "32", "linux/amd64"));
    }

    private static async Task<T> AskAsync<T>(string json, Func<ICustomObjectsOperations, CancellationToken, Task<T>> ask)
    {
        await using var server = await ApiServer.StartAsync(200, json);
        using IKubernetes client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });
        return await ask(client.CustomObjects, TestContext.Current.CancellationToken);
    }

    private sealed record Certificate(V1ObjectMeta Metadata, CertificateStatus Status);

    private sealed record CertificateStatus(DateTime? NotAfter, IReadOnlyList<V1Condition> Conditions);
}
