using AlertResponder.Contracts;
using AlertResponder.Enrichment.Subjects;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class SubjectResolverTests
{
    [Theory]
    [InlineData("price-scraper-28487520-2n78x", "CronJob cardboard/price-scraper")]
    [InlineData("price-scraper-28487520-abc12", "CronJob cardboard/price-scraper")]
    [InlineData("price-scraper-28400000-gone1", "CronJob cardboard/price-scraper")]
    [InlineData("ghost-28400000-gone1", "CronJob cardboard/ghost")]
    [InlineData("ghost", "Pod cardboard/ghost")]
    public async Task Resolve_PodOfTheStory_IsItsCronJobEvenWhenGone(string pod, string expected)
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);

        (await ResolveAsync(room, ("namespace", "cardboard"), ("pod", pod))).ShouldBe(expected);

        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Resolve_JobName_IsItsCronJob()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);

        (await ResolveAsync(room, ("namespace", "cardboard"), ("job_name", "price-scraper-28487520"))).ShouldBe("CronJob cardboard/price-scraper");
        (await ResolveAsync(room, ("namespace", "cardboard"), ("job_name", "price-scraper-28400000"))).ShouldBe("CronJob cardboard/price-scraper");
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("p0003")]
    [InlineData("gone1")]
    public async Task Resolve_PodOfADeployment_IsTheDeployment(string suffix)
    {
        await using var room = await EnrichmentRoom.StartAsync(Clusters.Checkout);

        (await ResolveAsync(room, ("namespace", "shop"), ("pod", $"checkout-6d5f7c9b8-{suffix}"))).ShouldBe("Deployment shop/checkout");
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("kube-apiserver-server-1", "Component kube-system/kube-apiserver")]
    [InlineData("kube-vip-server-1", "Pod kube-system/kube-vip-server-1")]
    [InlineData("kube-scheduler-server-9", "Component kube-system/kube-scheduler")]
    public async Task Resolve_StaticPod_IsThePartOfTheControlPlane(string pod, string expected)
    {
        await using var room = await EnrichmentRoom.StartAsync(
            Clusters.StaticPod + "\n---\n" + Clusters.StaticPod.Replace("kube-apiserver-server-1", "kube-vip-server-1", StringComparison.Ordinal));

        (await ResolveAsync(room, ("namespace", "kube-system"), ("pod", pod))).ShouldBe(expected);
        room.Cluster.AssertNoUnexpectedCalls();
    }

    /// <summary>In front of the cluster of the documentation: what climbs, and what stays as it is named.</summary>
    [Theory]
    [InlineData("namespace=shop horizontalpodautoscaler=checkout-scaler", "Deployment shop/checkout")]
    [InlineData("namespace=shop horizontalpodautoscaler=gone", "HorizontalPodAutoscaler shop/gone")]
    [InlineData("namespace=shop poddisruptionbudget=checkout-budget", "Deployment shop/checkout")]
    [InlineData("namespace=shop poddisruptionbudget=gone", "PodDisruptionBudget shop/gone")]
    [InlineData("namespace=shop service=checkout", "Deployment shop/checkout")]
    [InlineData("namespace=shop service=gone", "Service shop/gone")]
    [InlineData("namespace=shop job=checkout", "Deployment shop/checkout")]
    [InlineData("namespace=shop job=gone", "Alert KubePodCrashLooping{job=\"gone\", namespace=\"shop\"}")]
    [InlineData("persistentvolume=pvc-bound", "PersistentVolumeClaim shop/data-db-0")]
    [InlineData("persistentvolume=pvc-failed", "PersistentVolume pvc-failed")]
    [InlineData("persistentvolume=gone", "PersistentVolume gone")]
    [InlineData("volume=pvc-bound job=longhorn-backend", "PersistentVolumeClaim shop/data-db-0")]
    [InlineData("volume=gone job=longhorn-backend", "Volume longhorn-system/gone")]
    [InlineData("instance=10.0.0.5:9100 job=node-exporter namespace=monitoring pod=kps-node-exporter-x2x4z", "Node worker-1")]
    [InlineData("instance=10.0.0.99:9100 job=node-exporter namespace=monitoring pod=kps-node-exporter-x2x4z", "Node worker-1")]
    [InlineData("instance=10.0.0.5:9100 job=node-exporter namespace=monitoring pod=gone", "Node worker-1")]
    [InlineData("instance=WORKER-1:9100 job=node", "Node worker-1")]
    [InlineData("instance=10.0.0.99:9100 job=node", "Host 10.0.0.99")]
    [InlineData("job=coredns", "Deployment kube-system/coredns")]
    [InlineData("job=kube-proxy", "DaemonSet kube-system/kube-proxy")]
    public async Task Resolve_Labels_ClimbToTheSickThing(string labels, string expected)
    {
        await using var room = await EnrichmentRoom.StartAsync(StackCluster.Manifests);

        (await ResolveAsync(room, [.. labels.Split(' ').Select(label => label.Split('=', 2)).Select(pair => (pair[0], pair[1]))])).ShouldBe(expected);
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Resolve_ServiceOfSeveralWorkloads_IsTheService()
    {
        await using var room = await EnrichmentRoom.StartAsync(StackCluster.Manifests);
        room.Cluster.Apply("""
            {apiVersion: v1, kind: Pod, metadata: {name: bare, namespace: shop, labels: {app: checkout}}, spec: {containers: []}}
            """);

        (await ResolveAsync(room, ("namespace", "shop"), ("service", "checkout"))).ShouldBe("Service shop/checkout");
    }

    [Theory]
    [InlineData("Rollout", "checkout", "Rollout shop/checkout")]
    [InlineData("Alert", "Watchdog", "Pod shop/x")]
    [InlineData("Component", "kube-apiserver", "Pod shop/x")]
    [InlineData("Deployment", "Not_A_Name", "Pod shop/x")]
    public async Task Resolve_OwnerOfAnyKind_IsItUnlessNoneCanBeNamedSo(string kind, string name, string expected)
    {
        await using var room = await EnrichmentRoom.StartAsync(
            $"{{apiVersion: v1, kind: Pod, metadata: {{name: x, namespace: shop, ownerReferences: [{{apiVersion: a/v1, kind: {kind}, name: {name}, uid: u, controller: true}}]}}, spec: {{containers: []}}}}");

        (await ResolveAsync(room, ("namespace", "shop"), ("pod", "x"))).ShouldBe(expected);
    }

    [Fact]
    public async Task Resolve_StatefulSetOfAnOperator_IsTheStatefulSet()
    {
        await using var room = await EnrichmentRoom.StartAsync("""
            {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: prometheus-a, namespace: x, ownerReferences: [{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, name: a, uid: a, controller: true}]}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}}}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: prometheus-a-0, namespace: x, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: prometheus-a, uid: s, controller: true}]}, spec: {containers: []}}
            """);

        (await ResolveAsync(room, ("namespace", "x"), ("pod", "prometheus-a-0"))).ShouldBe("StatefulSet x/prometheus-a");
    }

    [Fact]
    public async Task Resolve_GonePodOfARollout_IsTheRollout()
    {
        await using var room = await EnrichmentRoom.StartAsync("""
            {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: checkout-6d5f7c9b8, namespace: shop, ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: checkout, uid: r, controller: true}]}, spec: {selector: {matchLabels: {a: b}}}}
            """);

        (await ResolveAsync(room, ("namespace", "shop"), ("pod", "checkout-6d5f7c9b8-gone4"))).ShouldBe("Rollout shop/checkout");
    }

    [Fact]
    public async Task Resolve_SameObjectOfTwoClusters_IsTwoSubjects()
    {
        await using var room = await EnrichmentRoom.StartAsync(Clusters.Checkout);

        (await ResolveAsync(room, ("namespace", "shop"), ("pod", Clusters.CheckoutPodName(3)), ("cluster", "eu-1"))).ShouldBe("Deployment shop/checkout in cluster eu-1");
        (await ResolveAsync(room, ("namespace", "shop"), ("deployment", "checkout"), ("cluster", "us-1"))).ShouldBe("Deployment shop/checkout in cluster us-1");
        (await ResolveAsync(room, ("team", "a"), ("cluster", "us-1"))).ShouldBe("Alert KubePodCrashLooping{team=\"a\"} in cluster us-1");
    }

    [Fact]
    public async Task Resolve_NoCluster_IsWhatTheLabelsSay()
    {
        await using var room = await EnrichmentRoom.StartAsync(withCluster: false);

        foreach (var (labels, expected) in new[]
        {
            ("namespace=shop pod=checkout-6d5f7c9b8-p2x4z", "Deployment shop/checkout"),
            ("namespace=kube-system pod=etcd-server-1", "Component kube-system/etcd"),
            ("namespace=shop horizontalpodautoscaler=x", "HorizontalPodAutoscaler shop/x"),
            ("namespace=shop service=x", "Service shop/x"),
            ("namespace=shop job=x", "Alert KubePodCrashLooping{job=\"x\", namespace=\"shop\"}"),
            ("persistentvolume=x", "PersistentVolume x"),
            ("instance=10.0.0.5:9100 job=node", "Host 10.0.0.5"),
        })
        {
            var alert = Samples.Alert("01", labels: [.. labels.Split(' ').Select(label => label.Split('=', 2)).Select(pair => (pair[0], pair[1]))]);
            (await SubjectResolver.ResolveAsync(alert, room.Reads())).ToString().ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Resolve_GonePodOfADaemonSet_IsTheDaemonSet()
    {
        await using var room = await EnrichmentRoom.StartAsync(
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: node-exporter, namespace: monitoring}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}}}}");

        (await ResolveAsync(room, ("namespace", "monitoring"), ("pod", "node-exporter-x2x4z"))).ShouldBe("DaemonSet monitoring/node-exporter");
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Resolve_OwnersInACircle_Ends()
    {
        await using var room = await EnrichmentRoom.StartAsync("""
            {apiVersion: batch/v1, kind: Job, metadata: {name: a, namespace: x, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: b, uid: b, controller: true}]}}
            ---
            {apiVersion: batch/v1, kind: Job, metadata: {name: b, namespace: x, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: a, uid: a, controller: true}]}}
            """);

        (await ResolveAsync(room, ("namespace", "x"), ("job_name", "a"))).ShouldStartWith("Job x/");
        room.Cluster.Requests.Count.ShouldBeLessThan(10);
    }

    [Fact]
    public async Task Resolve_ForbiddenToReadPods_GuessesAndNamesIt()
    {
        await using var room = await EnrichmentRoom.StartAsync(Stories.PriceScraper);
        room.Cluster.Forbid("pods", "cardboard");
        var reads = room.Reads();

        var subject = await SubjectResolver.ResolveAsync(Samples.Alert("01", labels: [("namespace", "cardboard"), ("pod", "price-scraper-28487520-2n78x")]), reads);

        subject.ToString().ShouldBe("CronJob cardboard/price-scraper");
        reads.Unread.ShouldBe([new UnreadSource("Pod cardboard/price-scraper-28487520-2n78x", "forbidden")]);
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("default", "../secrets/x")]
    [InlineData("default", "x?watch=true")]
    [InlineData("default", "x/log")]
    [InlineData("default", "..")]
    [InlineData("default/secrets", "x")]
    [InlineData("../../..", "x")]
    public async Task Resolve_HostileNames_NeverReachTheApi(string @namespace, string pod)
    {
        await using var room = await EnrichmentRoom.StartAsync();

        await room.EnrichAsync(Samples.Alert("01", labels: [("namespace", @namespace), ("pod", pod), ("node", "../api")]).Received());

        room.Cluster.Requests.ShouldBeEmpty();
        (await room.Store.IncidentsAsync()).ShouldHaveSingleItem().SubjectKind.ShouldBe(Subject.AlertKind);
    }

    private static async Task<string> ResolveAsync(EnrichmentRoom room, params (string, string)[] labels)
    {
        var reads = room.Reads();
        var subject = await SubjectResolver.ResolveAsync(Samples.Alert("01", labels: labels), reads);
        reads.Unread.ShouldBeEmpty();
        return subject.ToString();
    }
}
