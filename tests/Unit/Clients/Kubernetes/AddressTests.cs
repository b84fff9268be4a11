using System.Text.Json;
using AlertResponder.Connections.Kubernetes;
using k8s;
using k8s.Models;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>Where each call goes, and with what.</summary>
public sealed class AddressTests
{
    private static readonly Dictionary<string, (string Target, Func<IKubernetes, CancellationToken, Task> Ask)> Reads = new(StringComparer.Ordinal)
    {
        ["pod"] = ("/api/v1/namespaces/ns/pods/a", (c, t) => c.CoreV1.ReadNamespacedPodAsync("a", "ns", cancellationToken: t)),
        ["pods"] = ("/api/v1/namespaces/ns/pods?limit=9", (c, t) => c.CoreV1.ListNamespacedPodAsync("ns", limit: 9, cancellationToken: t)),
        ["log"] = ("/api/v1/namespaces/ns/pods/a/log?container=b&limitBytes=65536&previous=false&tailLines=20&timestamps=true",
            (c, t) => c.CoreV1.ReadNamespacedPodLogAsync(
                "a", "ns", container: "b", previous: false, tailLines: 20, limitBytes: 65536, timestamps: true, cancellationToken: t)),
        ["events"] = ("/api/v1/namespaces/ns/events?fieldSelector=involvedObject.uid%3D1%2Ctype%21%3DNormal&limit=50",
            (c, t) => c.CoreV1.ListNamespacedEventAsync("ns", fieldSelector: "involvedObject.uid=1,type!=Normal", limit: 50, cancellationToken: t)),
        ["node"] = ("/api/v1/nodes/a", (c, t) => c.CoreV1.ReadNodeAsync("a", cancellationToken: t)),
        ["nodes"] = ("/api/v1/nodes?labelSelector=zone%20in%20%28a%2Cb%29&limit=9", (c, t) => c.CoreV1.ListNodeAsync(labelSelector: "zone in (a,b)", limit: 9, cancellationToken: t)),
        ["namespace"] = ("/api/v1/namespaces/ns", (c, t) => c.CoreV1.ReadNamespaceAsync("ns", cancellationToken: t)),
        ["claim"] = ("/api/v1/namespaces/ns/persistentvolumeclaims/a",
            (c, t) => c.CoreV1.ReadNamespacedPersistentVolumeClaimAsync("a", "ns", cancellationToken: t)),
        ["deployment"] = ("/apis/apps/v1/namespaces/ns/deployments/a", (c, t) => c.AppsV1.ReadNamespacedDeploymentAsync("a", "ns", cancellationToken: t)),
        ["deployments"] = ("/apis/apps/v1/namespaces/ns/deployments?continue=abc%3D&limit=5",
            (c, t) => c.AppsV1.ListNamespacedDeploymentAsync("ns", continueParameter: "abc=", limit: 5, cancellationToken: t)),
        ["replicaset"] = ("/apis/apps/v1/namespaces/ns/replicasets/a", (c, t) => c.AppsV1.ReadNamespacedReplicaSetAsync("a", "ns", cancellationToken: t)),
        ["replicasets"] = ("/apis/apps/v1/namespaces/ns/replicasets?limit=9", (c, t) => c.AppsV1.ListNamespacedReplicaSetAsync("ns", limit: 9, cancellationToken: t)),
        ["statefulset"] = ("/apis/apps/v1/namespaces/ns/statefulsets/a", (c, t) => c.AppsV1.ReadNamespacedStatefulSetAsync("a", "ns", cancellationToken: t)),
        ["statefulsets"] = ("/apis/apps/v1/namespaces/ns/statefulsets?limit=9", (c, t) => c.AppsV1.ListNamespacedStatefulSetAsync("ns", limit: 9, cancellationToken: t)),
        ["daemonset"] = ("/apis/apps/v1/namespaces/ns/daemonsets/a", (c, t) => c.AppsV1.ReadNamespacedDaemonSetAsync("a", "ns", cancellationToken: t)),
        ["daemonsets"] = ("/apis/apps/v1/namespaces/ns/daemonsets?limit=9", (c, t) => c.AppsV1.ListNamespacedDaemonSetAsync("ns", limit: 9, cancellationToken: t)),
        ["job"] = ("/apis/batch/v1/namespaces/ns/jobs/a", (c, t) => c.BatchV1.ReadNamespacedJobAsync("a", "ns", cancellationToken: t)),
        ["jobs"] = ("/apis/batch/v1/namespaces/ns/jobs?limit=9", (c, t) => c.BatchV1.ListNamespacedJobAsync("ns", limit: 9, cancellationToken: t)),
        ["cronjob"] = ("/apis/batch/v1/namespaces/ns/cronjobs/a", (c, t) => c.BatchV1.ReadNamespacedCronJobAsync("a", "ns", cancellationToken: t)),
        ["cronjobs"] = ("/apis/batch/v1/namespaces/ns/cronjobs?limit=9", (c, t) => c.BatchV1.ListNamespacedCronJobAsync("ns", limit: 9, cancellationToken: t)),
        ["pods of a node"] = ("/api/v1/pods?fieldSelector=spec.nodeName%3Dn1&limit=500",
            (c, t) => c.CoreV1.ListPodForAllNamespacesAsync(fieldSelector: "spec.nodeName=n1", limit: 500, cancellationToken: t)),
        ["quotas everywhere"] = ("/api/v1/resourcequotas?limit=250", (c, t) => c.CoreV1.ListResourceQuotaForAllNamespacesAsync(limit: 250, cancellationToken: t)),
        ["events everywhere"] = ("/api/v1/events?fieldSelector=involvedObject.kind%3DNode&limit=9",
            (c, t) => c.CoreV1.ListEventForAllNamespacesAsync(fieldSelector: "involvedObject.kind=Node", limit: 9, cancellationToken: t)),
        ["namespaces"] = ("/api/v1/namespaces?continue=x&limit=2",
            (c, t) => c.CoreV1.ListNamespaceAsync(continueParameter: "x", limit: 2, cancellationToken: t)),
        ["claims"] = ("/api/v1/namespaces/ns/persistentvolumeclaims?limit=9",
            (c, t) => c.CoreV1.ListNamespacedPersistentVolumeClaimAsync("ns", limit: 9, cancellationToken: t)),
        ["claims everywhere"] = ("/api/v1/persistentvolumeclaims?limit=9",
            (c, t) => c.CoreV1.ListPersistentVolumeClaimForAllNamespacesAsync(limit: 9, cancellationToken: t)),
        ["volume"] = ("/api/v1/persistentvolumes/a", (c, t) => c.CoreV1.ReadPersistentVolumeAsync("a", cancellationToken: t)),
        ["volumes"] = ("/api/v1/persistentvolumes?limit=9", (c, t) => c.CoreV1.ListPersistentVolumeAsync(limit: 9, cancellationToken: t)),
        ["service"] = ("/api/v1/namespaces/ns/services/a", (c, t) => c.CoreV1.ReadNamespacedServiceAsync("a", "ns", cancellationToken: t)),
        ["services"] = ("/api/v1/namespaces/ns/services?labelSelector=app%3Dweb&limit=9",
            (c, t) => c.CoreV1.ListNamespacedServiceAsync("ns", labelSelector: "app=web", limit: 9, cancellationToken: t)),
        ["endpoint"] = ("/api/v1/namespaces/ns/endpoints/a",
            (c, t) => c.CoreV1.ReadNamespacedEndpointsAsync("a", "ns", cancellationToken: t)),
        ["endpoints"] = ("/api/v1/namespaces/ns/endpoints?labelSelector=app%3Dweb&limit=9",
            (c, t) => c.CoreV1.ListNamespacedEndpointsAsync("ns", labelSelector: "app=web", limit: 9, cancellationToken: t)),
        ["configmap"] = ("/api/v1/namespaces/ns/configmaps/a",
            (c, t) => c.CoreV1.ReadNamespacedConfigMapAsync("a", "ns", cancellationToken: t)),
        ["configmaps"] = ("/api/v1/namespaces/ns/configmaps?labelSelector=app%3Dweb&limit=9",
            (c, t) => c.CoreV1.ListNamespacedConfigMapAsync("ns", labelSelector: "app=web", limit: 9, cancellationToken: t)),
        ["quota"] = ("/api/v1/namespaces/ns/resourcequotas/a",
            (c, t) => c.CoreV1.ReadNamespacedResourceQuotaAsync("a", "ns", cancellationToken: t)),
        ["quotas"] = ("/api/v1/namespaces/ns/resourcequotas?labelSelector=app%3Dweb&limit=9",
            (c, t) => c.CoreV1.ListNamespacedResourceQuotaAsync("ns", labelSelector: "app=web", limit: 9, cancellationToken: t)),
        ["autoscaler"] = ("/apis/autoscaling/v2/namespaces/ns/horizontalpodautoscalers/a",
            (c, t) => c.AutoscalingV2.ReadNamespacedHorizontalPodAutoscalerAsync("a", "ns", cancellationToken: t)),
        ["all of autoscaler"] = ("/apis/autoscaling/v2/namespaces/ns/horizontalpodautoscalers?limit=9",
            (c, t) => c.AutoscalingV2.ListNamespacedHorizontalPodAutoscalerAsync("ns", limit: 9, cancellationToken: t)),
        ["network policy"] = ("/apis/networking.k8s.io/v1/namespaces/ns/networkpolicies/a",
            (c, t) => c.NetworkingV1.ReadNamespacedNetworkPolicyAsync("a", "ns", cancellationToken: t)),
        ["all of network policy"] = ("/apis/networking.k8s.io/v1/namespaces/ns/networkpolicies?limit=9",
            (c, t) => c.NetworkingV1.ListNamespacedNetworkPolicyAsync("ns", limit: 9, cancellationToken: t)),
        ["budget"] = ("/apis/policy/v1/namespaces/ns/poddisruptionbudgets/a",
            (c, t) => c.PolicyV1.ReadNamespacedPodDisruptionBudgetAsync("a", "ns", cancellationToken: t)),
        ["all of budget"] = ("/apis/policy/v1/namespaces/ns/poddisruptionbudgets?limit=9",
            (c, t) => c.PolicyV1.ListNamespacedPodDisruptionBudgetAsync("ns", limit: 9, cancellationToken: t)),
        ["storage class"] = ("/apis/storage.k8s.io/v1/storageclasses/a",
            (c, t) => c.StorageV1.ReadStorageClassAsync("a", cancellationToken: t)),
        ["storage classes"] = ("/apis/storage.k8s.io/v1/storageclasses?limit=9", (c, t) => c.StorageV1.ListStorageClassAsync(limit: 9, cancellationToken: t)),
        ["custom object"] = ("/apis/cert-manager.io/v1/namespaces/ns/certificates/a",
            (c, t) => c.CustomObjects.GetNamespacedCustomObjectAsync("cert-manager.io", "v1", "ns", "certificates", "a", cancellationToken: t)),
        ["custom objects"] = ("/apis/longhorn.io/v1beta2/namespaces/ns/volumes?labelSelector=a%3Db&limit=3",
            (c, t) => c.CustomObjects.ListNamespacedCustomObjectAsync(
                "longhorn.io", "v1beta2", "ns", "volumes", labelSelector: "a=b", limit: 3, cancellationToken: t)),
        ["cluster custom object"] = ("/apis/metrics.k8s.io/v1beta1/nodes/a",
            (c, t) => c.CustomObjects.GetClusterCustomObjectAsync("metrics.k8s.io", "v1beta1", "nodes", "a", cancellationToken: t)),
        ["cluster custom objects"] = ("/apis/cert-manager.io/v1/clusterissuers?continue=x&limit=9",
            (c, t) => c.CustomObjects.ListClusterCustomObjectAsync(
                "cert-manager.io", "v1", "clusterissuers", continueParameter: "x", limit: 9, cancellationToken: t)),
        ["version"] = ("/version/", (c, t) => c.Version.GetCodeAsync(cancellationToken: t)),
    };

    private static readonly V1Patch Patch = new("{}", V1Patch.PatchType.MergePatch);

    private static readonly Dictionary<string, (string Method, string Target, Func<IKubernetes, CancellationToken, Task> Ask)> Writes = new(StringComparer.Ordinal)
    {
        ["patch Pod"] = ("PATCH", "/api/v1/namespaces/ns/pods/a?dryRun=All&fieldManager=m&fieldValidation=Strict&force=true",
            (c, t) => c.CoreV1.PatchNamespacedPodAsync(
                Patch, "a", "ns", dryRun: "All", fieldManager: "m", fieldValidation: "Strict", force: true, cancellationToken: t)),
        ["patch Deployment"] = ("PATCH", "/apis/apps/v1/namespaces/ns/deployments/a?dryRun=All&fieldManager=m&fieldValidation=Strict&force=true",
            (c, t) => c.AppsV1.PatchNamespacedDeploymentAsync(
                Patch, "a", "ns", dryRun: "All", fieldManager: "m", fieldValidation: "Strict", force: true, cancellationToken: t)),
        ["patch StatefulSet"] = ("PATCH", "/apis/apps/v1/namespaces/ns/statefulsets/a?dryRun=All&fieldManager=m&fieldValidation=Strict&force=true",
            (c, t) => c.AppsV1.PatchNamespacedStatefulSetAsync(
                Patch, "a", "ns", dryRun: "All", fieldManager: "m", fieldValidation: "Strict", force: true, cancellationToken: t)),
        ["patch DaemonSet"] = ("PATCH", "/apis/apps/v1/namespaces/ns/daemonsets/a?dryRun=All&fieldManager=m&fieldValidation=Strict&force=true",
            (c, t) => c.AppsV1.PatchNamespacedDaemonSetAsync(
                Patch, "a", "ns", dryRun: "All", fieldManager: "m", fieldValidation: "Strict", force: true, cancellationToken: t)),
        ["patch Job"] = ("PATCH", "/apis/batch/v1/namespaces/ns/jobs/a?dryRun=All&fieldManager=m&fieldValidation=Strict&force=true",
            (c, t) => c.BatchV1.PatchNamespacedJobAsync(
                Patch, "a", "ns", dryRun: "All", fieldManager: "m", fieldValidation: "Strict", force: true, cancellationToken: t)),
        ["patch CronJob"] = ("PATCH", "/apis/batch/v1/namespaces/ns/cronjobs/a?dryRun=All&fieldManager=m&fieldValidation=Strict&force=true",
            (c, t) => c.BatchV1.PatchNamespacedCronJobAsync(
                Patch, "a", "ns", dryRun: "All", fieldManager: "m", fieldValidation: "Strict", force: true, cancellationToken: t)),
        ["patch Node"] = ("PATCH", "/api/v1/nodes/a?dryRun=All&fieldManager=m&fieldValidation=Strict&force=true",
            (c, t) => c.CoreV1.PatchNodeAsync(
                Patch, "a", dryRun: "All", fieldManager: "m", fieldValidation: "Strict", force: true, cancellationToken: t)),
        ["create Job"] = ("POST", "/apis/batch/v1/namespaces/ns/jobs?dryRun=All&fieldManager=m&fieldValidation=Strict",
            (c, t) => c.BatchV1.CreateNamespacedJobAsync(
                new V1Job(), "ns", dryRun: "All", fieldManager: "m", fieldValidation: "Strict", cancellationToken: t)),
        ["evict Pod"] = ("POST", "/api/v1/namespaces/ns/pods/a/eviction?dryRun=All&fieldManager=m&fieldValidation=Strict",
            (c, t) => c.CoreV1.CreateNamespacedPodEvictionAsync(
                new V1Eviction(), "a", "ns", dryRun: "All", fieldManager: "m", fieldValidation: "Strict", cancellationToken: t)),
        ["delete Pod"] = ("DELETE", "/api/v1/namespaces/ns/pods/a?dryRun=All&gracePeriodSeconds=0&propagationPolicy=Background",
            (c, t) => c.CoreV1.DeleteNamespacedPodAsync(
                "a", "ns", dryRun: "All", gracePeriodSeconds: 0, propagationPolicy: "Background", cancellationToken: t)),
        ["delete Job"] = ("DELETE", "/apis/batch/v1/namespaces/ns/jobs/a?dryRun=All&gracePeriodSeconds=0&propagationPolicy=Background",
            (c, t) => c.BatchV1.DeleteNamespacedJobAsync(
                "a", "ns", dryRun: "All", gracePeriodSeconds: 0, propagationPolicy: "Background", cancellationToken: t)),
        ["own rights"] = ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            (c, t) => c.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(
                new V1SelfSubjectAccessReview { Spec = new V1SelfSubjectAccessReviewSpec() }, cancellationToken: t)),
        ["rights"] = ("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            (c, t) => c.AuthorizationV1.CreateSubjectAccessReviewAsync(
                new V1SubjectAccessReview { Spec = new V1SubjectAccessReviewSpec() }, cancellationToken: t)),
    };

    public static TheoryData<string> Names => [.. Reads.Keys];

    public static TheoryData<string> NamesOfWrites => [.. Writes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_EachKind_AsksItsAddress(string read)
    {
        await using var server = await ApiServer.StartAsync(200, ApiServer.Anything);
        using var client = BuiltClient.At(server.Url);

        await Reads[read].Ask(client, TestContext.Current.CancellationToken);

        var request = server.Requests.ShouldHaveSingleItem();
        request.Method.ShouldBe("GET");
        request.Target.ShouldBe(Reads[read].Target);
        request.Headers["User-Agent"].ShouldBe("alert-responder");
    }

    [Theory]
    [MemberData(nameof(NamesOfWrites))]
    public async Task Write_EachKind_AsksItsAddress(string write)
    {
        await using var server = await ApiServer.StartAsync(200, ApiServer.Anything);
        using var client = BuiltClient.At(server.Url);

        await Writes[write].Ask(client, TestContext.Current.CancellationToken);

        var request = server.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe((Writes[write].Method, Writes[write].Target));
    }

    [Fact]
    public async Task Read_HostWithAPath_KeepsThePath()
    {
        await using var server = await ApiServer.StartAsync(200, ApiServer.Anything);
        using var client = BuiltClient.At(new Uri(server.Url, "k8s/clusters/c-1"));

        await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);

        server.Requests.ShouldHaveSingleItem().Target.ShouldBe("/k8s/clusters/c-1/api/v1/nodes/a");
    }

    // Names come from alerts. The dots would be resolved before any handler could see them.
    [Theory]
    [InlineData("../secrets/db")]
    [InlineData("../../kube-system/secrets")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/proxy/admin")]
    [InlineData("a/../../x")]
    [InlineData("%2e%2e")]
    [InlineData("%2e%2e%2fsecrets%2fdb")]
    [InlineData("..\\secrets\\db")]
    [InlineData("a?dryRun=")]
    [InlineData("a#b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("")]
    public async Task Read_NameThatIsNone_IsRefusedBeforeItIsSent(string name)
    {
        await using var server = await ApiServer.StartAsync(200, ApiServer.Anything);
        using var client = BuiltClient.At(server.Url);
        var token = TestContext.Current.CancellationToken;

        if (name != "a?dryRun=")
        {
            await Should.ThrowAsync<ArgumentException>(() => client.CoreV1.ReadNamespacedPodAsync(name, "ns", cancellationToken: token));
            await Should.ThrowAsync<ArgumentException>(() => client.CoreV1.ReadNodeAsync(name, cancellationToken: token));
        }

        await Should.ThrowAsync<ArgumentException>(() => client.CoreV1.ReadNamespacedPodAsync("a", name, cancellationToken: token));
        await Should.ThrowAsync<ArgumentException>(() => client.CoreV1.ListNamespacedPodAsync(name, limit: 1, cancellationToken: token));
        await Should.ThrowAsync<ArgumentException>(() => client.CoreV1.ReadNamespacedPodLogAsync(name, "ns", limitBytes: 1, cancellationToken: token));
        await Should.ThrowAsync<ArgumentException>(() => client.CoreV1.DeleteNamespacedPodAsync("a", name, cancellationToken: token));
        await Should.ThrowAsync<ArgumentException>(() => client.CustomObjects.GetNamespacedCustomObjectAsync("cert-manager.io", "v1", "ns", name, "a", cancellationToken: token));
        if (name.Length > 0)
        {
            // To the package no group is the core's.
            await Should.ThrowAsync<ArgumentException>(() => client.CustomObjects.GetClusterCustomObjectAsync(name, "v1", "nodes", "a", cancellationToken: token));
        }

        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "api/v1/namespaces/shop/secrets/db")]
    [InlineData("GET", "api/v1/namespaces/shop/secrets")]
    [InlineData("GET", "api/v1/secrets?limit=1")]
    [InlineData("GET", "api/v1/namespaces/shop/services/x/proxy")]
    [InlineData("GET", "api/v1/nodes/x/proxy/metrics")]
    [InlineData("POST", "api/v1/namespaces/shop/pods/x/exec?command=sh")]
    [InlineData("POST", "api/v1/namespaces/shop/serviceaccounts/x/token")]
    [InlineData("GET", "api/v1/namespaces/shop/pods")]
    [InlineData("GET", "api/v1/namespaces/shop/pods/a/log")]
    [InlineData("GET", "apis/apps/v1/namespaces/shop/deployments/a/log?tailLines=1")]
    [InlineData("DELETE", "api/v1/namespaces/shop/pods")]
    [InlineData("PATCH", "apis/apps/v1/namespaces/shop/deployments/a/scale")]
    [InlineData("POST", "api/v1/namespaces/shop/pods/a")]
    [InlineData("GET", "api/v1/namespaces/shop/pods/a?limit=1?x=y")]
    [InlineData("GET", "api/v1/namespaces/shop/pods/a?unknown=1")]
    [InlineData("GET", "api/v1/namespaces/shop/pods?limit=1/pods/a")]
    [InlineData("GET", "api//namespaces/shop/pods")]
    [InlineData("GET", "metrics")]
    [InlineData("GET", "")]
    public void Check_AddressThatIsNotAsked_IsRefused(string method, string address) =>
        Should.Throw<ArgumentException>(() => ApiAddress.Check(new HttpMethod(method), address, hasBody: false));

    [Theory]
    [InlineData("GET", "api/v1/namespaces/ns/pods/web-0.web")]
    [InlineData("GET", "apis/rbac.authorization.k8s.io/v1/clusterroles/system:node-reader")]
    [InlineData("GET", "apis/apps/v1/namespaces/ns/deployments?watch=true&allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds=300")]
    [InlineData("GET", "api/v1/namespaces/ns/pods/log/log?tailLines=1")]
    [InlineData("GET", "api/v1/namespaces/ns/pods/a/log?follow=true")]
    [InlineData("GET", "apis/longhorn.io/v1beta2/namespaces/ns/volumes/pvc-1")]
    public void Check_AddressOfAnObject_IsLeft(string method, string address) => ApiAddress.Check(new HttpMethod(method), address, hasBody: false);

    // A slash in a name: what was meant as one kind of address is another one that exists.
    [Theory]
    [InlineData("a/log")]
    [InlineData("a/scale")]
    [InlineData("a/status")]
    [InlineData("a/eviction")]
    [InlineData("x/pods")]
    [InlineData("x/configmaps")]
    [InlineData("x/secrets")]
    public async Task Ask_NameWithASlash_IsRefusedBeforeItIsSent(string name)
    {
        await using var server = await ApiServer.StartAsync(200, ApiServer.Anything);
        using var client = BuiltClient.At(server.Url);
        var token = TestContext.Current.CancellationToken;
        Func<Task>[] calls =
        [
            () => client.CoreV1.ReadNamespacedPodAsync(name, "ns", cancellationToken: token),
            () => client.CoreV1.ReadNamespacedPodAsync("log", name, cancellationToken: token),
            () => client.CoreV1.ReadNamespaceAsync(name, cancellationToken: token),
            () => client.CoreV1.ReadNodeAsync(name, cancellationToken: token),
            () => client.CoreV1.ListNamespacedPodAsync(name, limit: 1, cancellationToken: token),
            () => client.CoreV1.ReadNamespacedPodLogAsync(name, "ns", tailLines: 1, cancellationToken: token),
            () => client.CoreV1.ReadNamespacedPodLogAsync("a", name, tailLines: 1, cancellationToken: token),
            () => client.AppsV1.PatchNamespacedDeploymentAsync(Patch, name, "ns", cancellationToken: token),
            () => client.AppsV1.PatchNamespacedDeploymentAsync(Patch, "a", name, cancellationToken: token),
            () => client.CoreV1.PatchNodeAsync(Patch, name, cancellationToken: token),
            () => client.BatchV1.DeleteNamespacedJobAsync(name, "ns", cancellationToken: token),
            () => client.BatchV1.CreateNamespacedJobAsync(new V1Job(), name, cancellationToken: token),
            () => client.CoreV1.CreateNamespacedPodEvictionAsync(new V1Eviction(), name, "ns", cancellationToken: token),
            () => client.CustomObjects.GetNamespacedCustomObjectAsync("cert-manager.io", "v1", "ns", "certificates", name, cancellationToken: token),
            () => client.CustomObjects.GetNamespacedCustomObjectAsync("cert-manager.io", "v1", name, "certificates", "a", cancellationToken: token),
            () => client.CustomObjects.GetClusterCustomObjectAsync("metrics.k8s.io", "v1beta1", "nodes", name, cancellationToken: token),
        ];

        foreach (var call in calls)
            await Should.ThrowAsync<ArgumentException>(call);

        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_NamespaceWhoseNameIsTheAddressOfAPod_IsRefused()
    {
        await using var server = await ApiServer.StartAsync(200, """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web"}}""");
        using var client = BuiltClient.At(server.Url);

        await Should.ThrowAsync<JsonException>(() => client.CoreV1.ReadNamespaceAsync("x/pods/web", cancellationToken: TestContext.Current.CancellationToken));
        (await client.CoreV1.ReadNamespacedPodAsync("web", "x", cancellationToken: TestContext.Current.CancellationToken)).Metadata.Name.ShouldBe("web");
    }

    [Fact]
    public async Task Delete_DryRunBesideABody_IsRefusedBeforeItIsSent()
    {
        await using var server = await ApiServer.StartAsync(200, ApiServer.Anything);
        using var client = BuiltClient.At(server.Url);
        var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = "u" } };

        (await Should.ThrowAsync<ArgumentException>(() => client.CoreV1.DeleteNamespacedPodAsync(
            "a", "ns", body: options, dryRun: "All", cancellationToken: TestContext.Current.CancellationToken))).Message.ShouldContain("dryRun=All");
        await Should.ThrowAsync<ArgumentException>(() => client.BatchV1.DeleteNamespacedJobAsync(
            "a", "ns", body: options, propagationPolicy: "Background", cancellationToken: TestContext.Current.CancellationToken));
        server.Requests.ShouldBeEmpty();
    }
}
