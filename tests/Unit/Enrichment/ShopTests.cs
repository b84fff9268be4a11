using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>What enrichment sees of each kind of thing.</summary>
public sealed class ShopTests : IAsyncLifetime
{
    private static readonly Subject Web = new("Deployment", "shop", "web");

    private EnrichmentRoom room = null!;

    public async ValueTask InitializeAsync() => room = await EnrichmentRoom.StartAsync(Shop.Story);

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task Gather_Pod_HasWhatItNeedsAndWants()
    {
        var evidence = await room.GatherAsync(Web);

        var pod = One(evidence, EvidenceKind.Pod, Shop.Pod).Facts;
        (pod[FactNames.QosClass], pod[FactNames.NodeSelector], pod[FactNames.Claims]).ShouldBe(("Burstable", "disk=fast", "data,cache"));
        (pod[FactNames.ConfigMaps], pod[FactNames.Secrets]).ShouldBe(("web", "web-token,registry"));
        pod[FactNames.CreatedAt].ShouldEndWith("Z");
        pod.Keys.ShouldNotContain(FactNames.DeletedAt);
    }

    [Fact]
    public async Task Gather_Containers_HaveProbesCommandAndRole()
    {
        var evidence = await room.GatherAsync(Web);

        var web = Container(evidence, "web").Facts;
        (web[FactNames.LivenessProbe], web[FactNames.ReadinessProbe], web[FactNames.StartupProbe])
            .ShouldBe((
                "http-get :8080/healthz (every 5s, timeout 1s, 3 failures)", "tcp-socket :http (every 10s, timeout 1s, 3 failures)", "exec cat /ready (every 10s, timeout 1s, 3 failures)"));
        (web[FactNames.Command], web[FactNames.Started], web[FactNames.EphemeralStorageLimit]).ShouldBe(("/web --verbose", "false", "1Gi"));
        web.Keys.ShouldNotContain(FactNames.StartedAt);
        var init = Container(evidence, "migrate");
        (init.Facts[FactNames.Init], init.Facts[FactNames.ExitCode]).ShouldBe(("true", "0"));
        init.Time.ShouldNotBeNull();
        var sidecar = Container(evidence, "proxy");
        sidecar.Facts.Keys.ShouldNotContain(FactNames.Init);
        sidecar.Facts.Keys.ShouldContain(FactNames.StartedAt);
        sidecar.Text.ShouldStartWith("sidecar container proxy");
    }

    [Fact]
    public async Task Gather_Deployment_HasItsRolloutAndWhoKeepsIt()
    {
        var facts = One(await room.GatherAsync(Web), EvidenceKind.Owner, "web").Facts;

        (facts[FactNames.Progressing], facts[FactNames.Reason], facts[FactNames.Paused]).ShouldBe(("False", "ProgressDeadlineExceeded", "false"));
        (facts[FactNames.Generation], facts[FactNames.ObservedGeneration], facts[FactNames.Revision]).ShouldBe(("7", "7", "7"));
        facts[FactNames.ManagedBy].ShouldBe("Helm");
    }

    [Theory]
    [InlineData("StatefulSet", "cart", "Flux")]
    [InlineData("DaemonSet", "agent", "Argo CD")]
    [InlineData("Job", "report-28487520", "CronJob report")]
    [InlineData("ReplicaSet", "web-7c9d8f6b5", "Deployment web")]
    public async Task Gather_Workload_SaysWhoKeepsIt(string kind, string name, string manager) =>
        One(await room.GatherAsync(new Subject(kind, "shop", name)), EvidenceKind.Owner, name).Facts[FactNames.ManagedBy].ShouldBe(manager);

    [Fact]
    public async Task Gather_FailedJob_HasItsReason()
    {
        var facts = One(await room.GatherAsync(new Subject("Job", "shop", "report-28487520")), EvidenceKind.Owner, "report-28487520").Facts;

        (facts[FactNames.FailedReason], facts[FactNames.BackoffLimit], facts[FactNames.Completions], facts[FactNames.ActiveDeadlineSeconds])
            .ShouldBe(("BackoffLimitExceeded", "2", "1", "600"));
    }

    [Fact]
    public async Task Gather_CronJob_HasItsLastRuns()
    {
        var facts = One(await room.GatherAsync(new Subject("CronJob", "shop", "report")), EvidenceKind.Owner, "report").Facts;

        facts[FactNames.ConcurrencyPolicy].ShouldBe("Forbid");
        string.CompareOrdinal(facts[FactNames.LastScheduledAt], facts[FactNames.LastSuccessfulAt]).ShouldBePositive();
    }

    [Fact]
    public async Task Gather_Changes_AreOfTheLastTwoRevisionsWithoutValues()
    {
        var evidence = await room.GatherAsync(Web);

        var changes = evidence.Where(item => item.Kind == EvidenceKind.Change).ToArray();
        changes.Select(item => (item.Source.Container, item.Facts[FactNames.Changed], item.Facts.GetValueOrDefault(FactNames.From), item.Facts.GetValueOrDefault(FactNames.To))).ShouldBe(
        [
            ("web", "image", "registry.example/web:2.0.3", "registry.example/web:2.1.0"),
            ("web", "limits.memory", "512Mi", "256Mi"),
            ("web", "command", null, "--verbose"),
            ("web", "env", "OLD", "API_KEY, NEW"),
            (null, "template", null, null),
        ]);
        changes.ShouldAllBe(item => item.Source.Kind == "Deployment" && item.Time != null && item.Facts[FactNames.Revision] == "7");
        changes[^1].Text.ShouldContain("nodeSelector");
        StoredJson.Write(evidence).ShouldNotContain(Shop.Secret);
    }

    [Fact]
    public async Task Gather_RolledBack_DoesNotPretendToKnowWhen()
    {
        room.Cluster.Apply("""
            {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-6b7c8d9f5, namespace: shop, creationTimestamp: "{{now-9d}}", labels: {app: web}, annotations: {deployment.kubernetes.io/revision: "8"}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d-web, controller: true}]}, spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {spec: {containers: [{name: web, image: "registry.example/web:2.0.3"}]}}}, status: {replicas: 0}}
            """);

        var image = (await room.GatherAsync(Web)).Single(item => item.Facts.GetValueOrDefault(FactNames.Changed) == "image");

        (image.Facts[FactNames.To], image.Time).ShouldBe(("registry.example/web:2.0.3", null));
        image.Text.ShouldContain("earlier revision");
    }

    [Fact]
    public async Task Gather_StatefulSet_ComparesItsControllerRevisions()
    {
        var change = (await room.GatherAsync(new Subject("StatefulSet", "shop", "cart"))).Where(item => item.Kind == EvidenceKind.Change).ShouldHaveSingleItem();

        (change.Facts[FactNames.From], change.Facts[FactNames.To]).ShouldBe(("registry.example/cart:1", "registry.example/cart:2"));
    }

    [Fact]
    public async Task Gather_Events_AreRankedByWarningAndAge()
    {
        var evidence = await room.GatherAsync(Web);

        var events = evidence.Where(item => item.Kind == EvidenceKind.Event).ToArray();
        events.Select(item => item.Facts[FactNames.Reason]).ShouldBe(["Unhealthy", "BackOff", "Pulled", "FailedMount"]);
        evidence[^1].ShouldBe(events[^1]);
    }

    [Fact]
    public async Task Gather_ServicesOfPodAndLog_HaveTheirEndpoints()
    {
        var evidence = await room.GatherAsync(Web);

        One(evidence, EvidenceKind.Service, "redis").Facts.ShouldHaveSingleItem().ShouldBe(new KeyValuePair<string, string>(FactNames.Exists, "false"));
        var postgres = One(evidence, EvidenceKind.Service, "postgres").Facts;
        (postgres[FactNames.ReadyEndpoints], postgres[FactNames.NotReadyEndpoints], postgres[FactNames.Selector]).ShouldBe(("0", "0", "app=postgres"));
        var own = One(evidence, EvidenceKind.Service, "web").Facts;
        (own[FactNames.ReadyEndpoints], own[FactNames.NotReadyEndpoints]).ShouldBe(("0", "1"));
    }

    [Fact]
    public async Task Gather_Storage_HasTheWholeChainAndWhatIsMissing()
    {
        var evidence = await room.GatherAsync(Web);

        var claim = One(evidence, EvidenceKind.Volume, "data").Facts;
        (claim[FactNames.Phase], claim[FactNames.StorageClass], claim[FactNames.VolumeName], claim[FactNames.Requested], claim[FactNames.Capacity], claim[FactNames.AccessModes])
            .ShouldBe(("Bound", "longhorn", "pv-1", "10Gi", "10Gi", "ReadWriteOnce"));
        One(evidence, EvidenceKind.Volume, "pv-1").Facts[FactNames.Capacity].ShouldBe("10Gi");
        var storageClass = One(evidence, EvidenceKind.Volume, "longhorn").Facts;
        (storageClass[FactNames.Provisioner], storageClass[FactNames.BindingMode], storageClass[FactNames.AllowsExpansion])
            .ShouldBe(("driver.longhorn.io", "WaitForFirstConsumer", "true"));
        One(evidence, EvidenceKind.Volume, "cache").Facts[FactNames.Exists].ShouldBe("false");
        var longhorn = One(evidence, EvidenceKind.Resource, "pvc-1").Facts;
        (longhorn[FactNames.VolumeState], longhorn[FactNames.Robustness], longhorn[FactNames.Replicas], longhorn[FactNames.Reason])
            .ShouldBe(("attached", "degraded", "2", "ReplicaSchedulingFailure"));
    }

    [Fact]
    public async Task Gather_WhatSurroundsAPod_IsThere()
    {
        var evidence = await room.GatherAsync(Web);

        var autoscaler = One(evidence, EvidenceKind.Autoscaler, "web").Facts;
        (autoscaler[FactNames.ScaleTarget], autoscaler[FactNames.MaxReplicas], autoscaler[FactNames.AbleToScale], autoscaler[FactNames.ScalingActive], autoscaler[FactNames.Reason])
            .ShouldBe(("Deployment web", "4", "true", "false", "FailedGetResourceMetric"));
        One(evidence, EvidenceKind.NetworkPolicy, "web-egress").Text.ShouldContain("Egress");
        evidence.ShouldNotContain(item => item.Source.Name == "other");
        One(evidence, EvidenceKind.DisruptionBudget, "web").Facts[FactNames.DisruptionsAllowed].ShouldBe("0");
        var quota = One(evidence, EvidenceKind.Quota, "all").Facts;
        (quota["hard.pods"], quota["used.pods"], quota["hard.requests.memory"], quota["used.requests.memory"]).ShouldBe(("1", "1", "4Gi", "3Gi"));
        var usage = One(evidence, EvidenceKind.Usage, Shop.Pod);
        (usage.Source.Container, usage.Facts[FactNames.UsedMemory], usage.Facts[FactNames.UsedCpu]).ShouldBe(("proxy", "40Mi", "12m"));
        var node = One(evidence, EvidenceKind.Node, "k3s-agent-1").Facts;
        (node[FactNames.ReadyStatus], node[FactNames.ReadySince], node[FactNames.KubeletVersion], node[FactNames.AllocatablePods], node[FactNames.DiskPressure])
            .ShouldBe(("True", "2026-11-10T08:00:00Z", "v1.32.4", "110", "true"));
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("PersistentVolumeClaim", "shop", "data", EvidenceKind.Volume, "data")]
    [InlineData("PersistentVolumeClaim", "shop", "data", EvidenceKind.Pod, Shop.Pod)]
    [InlineData("PersistentVolume", null, "pv-1", EvidenceKind.Volume, "data")]
    [InlineData("PersistentVolume", null, "pv-1", EvidenceKind.Resource, "pvc-1")]
    [InlineData("HorizontalPodAutoscaler", "shop", "web", EvidenceKind.Autoscaler, "web")]
    [InlineData("HorizontalPodAutoscaler", "shop", "web", EvidenceKind.Pod, Shop.Pod)]
    [InlineData("PodDisruptionBudget", "shop", "web", EvidenceKind.DisruptionBudget, "web")]
    [InlineData("ResourceQuota", "shop", "all", EvidenceKind.Quota, "all")]
    [InlineData("ResourceQuota", "shop", "all", EvidenceKind.Event, Shop.Pod)]
    [InlineData("Namespace", null, "shop", EvidenceKind.Quota, "all")]
    [InlineData("Namespace", null, "shop", EvidenceKind.Resource, "shop")]
    [InlineData("Node", null, "k3s-agent-1", EvidenceKind.Usage, "k3s-agent-1")]
    [InlineData("Volume", "longhorn-system", "pvc-1", EvidenceKind.Resource, "pvc-1")]
    [InlineData("Volume", "longhorn-system", "pvc-1", EvidenceKind.Volume, "data")]
    [InlineData("APIService", null, "v1beta1.metrics.k8s.io", EvidenceKind.Service, "metrics-server")]
    [InlineData("Alert", null, "TargetDown", EvidenceKind.Service, "web")]
    public async Task Gather_Subject_HasEvidenceOf(string kind, string? @namespace, string name, EvidenceKind seen, string of)
    {
        var evidence = await room.GatherAsync(new Subject(kind, @namespace, name), ("namespace", "shop"), ("service", "web"), ("job", "web"));

        evidence.ShouldContain(item => item.Kind == seen && item.Source.Name == of);
        evidence.DistinctBy(item => (item.Kind, item.Source, item.Text)).Count().ShouldBe(evidence.Count);
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Gather_Certificate_SaysWhatItsIssuingWaitsFor()
    {
        var evidence = await room.GatherAsync(new Subject("Certificate", "shop", "web-tls"));

        var certificate = One(evidence, EvidenceKind.Resource, "web-tls").Facts;
        (certificate[FactNames.Ready], certificate[FactNames.Reason], certificate[FactNames.NotAfter], certificate[FactNames.Issuer])
            .ShouldBe(("false", "DoesNotExist", "2026-11-24T00:00:00Z", "ClusterIssuer letsencrypt"));
        One(evidence, EvidenceKind.Resource, "web-tls-2").Facts[FactNames.Message].ShouldBe("Waiting on certificate issuance");
        evidence.ShouldNotContain(item => item.Source.Name == "web-tls-1");
        One(evidence, EvidenceKind.Resource, "web-tls-2-1").Facts[FactNames.Message].ShouldBe("DNS record not yet propagated");
    }

    [Fact]
    public async Task Gather_AlertOfAnExporter_LeavesTheExporterAlone()
    {
        var evidence = await room.GatherAsync(
            new Subject(Subject.AlertKind, null, "KubeQuotaExceeded"), ("namespace", "shop"), ("pod", "kube-state-metrics-0"),
            ("container", "kube-state-metrics"), ("job", "kube-state-metrics"), ("service", "web"), ("instance", "10.0.0.1:8080"), ("resourcequota", "compute"));

        evidence.ShouldHaveSingleItem().Kind.ShouldBe(EvidenceKind.Alert);
    }

    [Fact]
    public async Task Gather_Anything_ReadsNeitherSecretsNorConfigMapsAndFewTimes()
    {
        foreach (var subject in Shop.Subjects)
        {
            var before = room.Cluster.Requests.Count;
            await room.GatherAsync(subject, ("namespace", "shop"), ("service", "web"));
            (room.Cluster.Requests.Count - before).ShouldBeInRange(0, 40);
        }

        room.Cluster.Requests.ShouldAllBe(request => request.Method == "GET"
            && !request.Path.Contains("secrets", StringComparison.Ordinal) && !request.Path.Contains("configmaps", StringComparison.Ordinal));
        room.Cluster.AssertNoUnexpectedCalls();
    }

    private static Evidence One(IReadOnlyList<Evidence> evidence, EvidenceKind kind, string name) =>
        evidence.Where(item => item.Kind == kind && item.Source.Name == name).ShouldHaveSingleItem();

    private static Evidence Container(IReadOnlyList<Evidence> evidence, string name) =>
        evidence.Where(item => item.Kind == EvidenceKind.Container && item.Source.Container == name).ShouldHaveSingleItem();
}
