using AlertResponder.Contracts;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>What lies around the sick thing: nodes, runs, revisions, policies, and what is gone.</summary>
public sealed class SurroundingsEvidenceTests
{
    [Fact]
    public async Task Gather_PodWithoutANode_LooksAtTheNodes()
    {
        var context = await GatherAsync(
            """
            {apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: shop}, spec: {containers: [{name: web, image: a}]}, status: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: 0/2 nodes}]}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: small, labels: {disktype: hdd}}, status: {allocatable: {memory: 1Gi}, conditions: [{type: Ready, status: "True"}]}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: closed}, spec: {unschedulable: true}, status: {allocatable: {memory: 1Gi}, conditions: [{type: Ready, status: "True"}, {type: KernelDeadlock, status: "True", message: task blocked}]}}
            """,
            ("namespace", "shop"), ("pod", "web-0"));

        var nodes = context.Evidence.Where(item => item.Kind == EvidenceKind.Node).ToArray();
        nodes.Select(node => node.Source.Name).ShouldBe(["closed", "small"]);
        nodes[0].Facts[FactNames.Problems].ShouldBe("KernelDeadlock: task blocked");
        nodes[1].Facts[FactNames.Labels].ShouldBe("disktype=hdd");
    }

    [Fact]
    public async Task Gather_QuotasPromiseMoreThanThereIs_LooksAtTheLargestOfAllNamespacesAndTheNodes()
    {
        var quotas = Enumerable.Range(0, 20).Select(number =>
            $$$"""{apiVersion: v1, kind: ResourceQuota, metadata: {name: compute, namespace: team-{{{number}}} }, spec: {hard: {requests.memory: {{{number + 1}}}Gi, requests.cpu: "{{{20 - number}}}"} } }""");
        await using var room = await EnrichmentRoom.StartAsync(
            string.Join("\n---\n", [.. quotas, """{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {allocatable: {memory: 16Gi}, conditions: [{type: Ready, status: "True"}]}}"""]));

        var memory = await room.ContextAsync(Samples.Alert("01", name: "KubeMemoryQuotaOvercommit").Received());
        var cpu = await room.ContextAsync(Samples.Alert("02", name: "KubeCPUQuotaOvercommit").Received());

        Quotas(memory).ShouldBe(Enumerable.Range(8, 12).Reverse().Select(number => $"team-{number}"));
        Quotas(cpu).ShouldBe(Enumerable.Range(0, 12).Select(number => $"team-{number}"));
        memory.Evidence.ShouldContain(item => item.Kind == EvidenceKind.Node);
        room.Cluster.AssertNoUnexpectedCalls();

        static IEnumerable<string?> Quotas(ContextEnriched context) => context.Evidence.Where(item => item.Kind == EvidenceKind.Quota).Select(item => item.Source.Namespace);
    }

    [Fact]
    public async Task Gather_RunOfACronJobIsGone_ItsEventsTellStill()
    {
        var context = await GatherAsync(
            """
            {apiVersion: batch/v1, kind: CronJob, metadata: {name: report, namespace: bi}, spec: {schedule: "0 2 * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: report, image: a, resources: {limits: {memory: 512Mi}}}]}}}}}}
            ---
            {apiVersion: v1, kind: Event, metadata: {name: e1, namespace: bi}, involvedObject: {kind: Job, name: report-29675640, namespace: bi}, type: Warning, reason: BackoffLimitExceeded, message: Job has reached the specified backoff limit}
            """,
            ("namespace", "bi"), ("job_name", "report-29675640"));

        context.Subject.Kind.ShouldBe("CronJob");
        context.Evidence.Single(item => item.Source.Kind == "Job" && item.Kind == EvidenceKind.Owner).Facts[FactNames.Exists].ShouldBe("false");
        context.Evidence.ShouldContain(item => item.Kind == EvidenceKind.Event && item.Source.Name == "report-29675640");
        context.Evidence.Single(item => item.Source.Kind == "CronJob" && item.Kind == EvidenceKind.Owner).Facts[FactNames.TemplateMemoryLimitPrefix + "report"].ShouldBe("512Mi");
    }

    [Fact]
    public async Task Gather_NodeUnderPressure_KnowsWhomItEvicted()
    {
        var context = await GatherAsync(
            """
            {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {conditions: [{type: Ready, status: "True"}, {type: DiskPressure, status: "True"}]}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: ingest, namespace: docs}, spec: {nodeName: n1, containers: [{name: a, image: a}]}, status: {phase: Failed, reason: Evicted, message: "The node was low on resource: ephemeral-storage."}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: innocent, namespace: docs}, spec: {nodeName: n1, containers: [{name: a, image: a}]}, status: {phase: Running}}
            """,
            ("node", "n1"));

        context.Evidence.Where(item => item.Kind == EvidenceKind.Pod).Select(pod => pod.Source.Name).ShouldBe(["ingest"]);
    }

    [Fact]
    public async Task Gather_PodsOfANewRevisionAreRefused_TheirMakerTells()
    {
        var context = await GatherAsync(
            """
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, uid: d1}, spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {spec: {containers: []}}}, status: {replicas: 1, readyReplicas: 1}}
            ---
            {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-new, namespace: shop, labels: {app: web}, annotations: {deployment.kubernetes.io/revision: "2"}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1, controller: true}]}, spec: {replicas: 1, selector: {matchLabels: {app: web}}}, status: {replicas: 0}}
            ---
            {apiVersion: v1, kind: Event, metadata: {name: e1, namespace: shop}, involvedObject: {kind: ReplicaSet, name: web-new, namespace: shop}, type: Warning, reason: FailedCreate, message: "Error creating: pods is forbidden: maximum memory usage per Container is 4Gi, but limit is 6Gi"}
            """,
            ("namespace", "shop"), ("deployment", "web"));

        context.Evidence.ShouldContain(item => item.Kind == EvidenceKind.Event && item.Source.Name == "web-new" && item.Text.Contains("6Gi", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gather_TimeoutToAnotherNamespace_LooksAtThePoliciesThere()
    {
        var story = new AlertResponder.Simulators.Cluster.Story(
            """
            {apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: shop}, spec: {nodeName: n1, containers: [{name: web, image: a}]}, status: {phase: Running, containerStatuses: [{name: web, image: a, imageID: a, ready: false, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1}}}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: redis, namespace: cache}, spec: {clusterIP: 10.43.0.7, selector: {app: redis}}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: shop-only, namespace: cache}, spec: {podSelector: {matchLabels: {app: redis}}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}]}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: open, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{}]}}
            """,
            new Dictionary<string, string> { ["shop/web-0/web.previous.log"] = "INFO connecting to redis.cache.svc:6379\nTimeoutError: Timeout connecting to server" });
        await using var room = await EnrichmentRoom.StartAsync(story);

        var context = await room.ContextAsync(Samples.Alert("01", labels: [("namespace", "shop"), ("pod", "web-0")]).Received());

        context.Evidence.Where(item => item.Kind == EvidenceKind.NetworkPolicy)
            .ToDictionary(policy => policy.Source.Name, policy => policy.Facts.GetValueOrDefault(FactNames.Type))
            .ShouldBe(new Dictionary<string, string?> { ["shop-only"] = "Ingress", ["open"] = null }, ignoreOrder: true);
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Gather_RenewalIsOverdue_AsksWhatItWaitsFor()
    {
        var context = await GatherAsync(
            """
            {apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: tls, namespace: shop}, spec: {dnsNames: [shop.example]}, status: {renewalTime: "{{now-1h}}", notAfter: "{{now+5d}}", conditions: [{type: Ready, status: "True"}]}}
            ---
            {apiVersion: cert-manager.io/v1, kind: CertificateRequest, metadata: {name: tls-2, namespace: shop, ownerReferences: [{apiVersion: cert-manager.io/v1, kind: Certificate, name: tls, uid: u1}]}, status: {conditions: [{type: Ready, status: "False", reason: Failed, message: order is invalid}]}}
            ---
            {apiVersion: acme.cert-manager.io/v1, kind: Challenge, metadata: {name: tls-2-1, namespace: shop}, spec: {dnsName: shop.example, type: HTTP-01}, status: {state: invalid, reason: "404"}}
            """,
            ("namespace", "shop"), ("name", "tls"));

        context.Evidence.Where(item => item.Kind == EvidenceKind.Resource).Select(item => item.Source.Kind).ShouldBe(["Certificate", "CertificateRequest", "Challenge"], ignoreOrder: true);
    }

    private static async Task<ContextEnriched> GatherAsync(string manifests, params (string, string)[] labels)
    {
        await using var room = await EnrichmentRoom.StartAsync(manifests);
        var context = await room.ContextAsync(Samples.Alert("01", name: labels is [_, ("name", _)] ? "CertManagerCertExpirySoon" : "KubePodNotReady", labels: labels).Received());
        room.Cluster.AssertNoUnexpectedCalls();
        return context;
    }
}
