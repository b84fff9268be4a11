using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Slack;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>
/// A cluster of many sick Deployments with three pods each, which the kernel kills for their memory, and the alerts that fire about
/// them: for each container of each pod, and for the Deployment as a whole.
/// </summary>
public sealed class Fleet
{
    private const int Namespaces = 10;
    private const int Pods = 3;
    private const int Nodes = 4;

    private static readonly string[] Containers = ["app", "proxy", "metrics", "config", "queue", "cache"];

    private readonly int size;
    private readonly DateTimeOffset startsAt;

    /// <param name="size">How many Deployments.</param>
    /// <param name="startsAt">When the alerts began to fire.</param>
    public Fleet(int size, DateTimeOffset startsAt)
    {
        this.size = size;
        this.startsAt = startsAt;
    }

    /// <summary>How many alerts fire about one Deployment.</summary>
    public static int AlertsPerWorkload => (Pods * Containers.Length) + 2;

    /// <summary>The cluster.</summary>
    public Story Story => new(
        string.Join("\n---\n", Enumerable.Range(0, Nodes).Select(NodeManifest).Concat(Enumerable.Range(0, size).Select(Manifests))),
        Enumerable.Range(0, size)
            .SelectMany(workload => Enumerable.Range(0, Pods).Select(pod => $"{Namespace(workload)}/{Pod(workload, pod)}/app.previous.log"))
            .ToDictionary(file => file, _ => PreviousLog, StringComparer.Ordinal));

    /// <summary>A Deployment's name, which nothing else contains.</summary>
    public static string Name(int workload) => string.Create(CultureInfo.InvariantCulture, $"workload-{workload:00000}");

    /// <summary>The number of the Deployment that a text speaks of first; null when it speaks of none.</summary>
    public static int? Workload(string text)
    {
        var at = text.IndexOf("workload-", StringComparison.Ordinal);
        return at < 0 ? null : int.Parse(text.AsSpan(at + "workload-".Length, 5), CultureInfo.InvariantCulture);
    }

    /// <summary>The number of the Deployment that a message is about.</summary>
    public static int Workload(SlackMessage message) =>
        Workload(message.Text) ?? throw new ArgumentException($"The message speaks of no workload: {message.Text}", nameof(message));

    /// <summary>Numbers of Deployments that share a namespace, and so a group of Alertmanager's.</summary>
    public IEnumerable<int[]> Groups(int groupSize) =>
        Enumerable.Range(0, size).GroupBy(Namespace, StringComparer.Ordinal).SelectMany(group => group.Chunk(groupSize));

    /// <summary>A webhook as Alertmanager sends it: one alert of each of some Deployments.</summary>
    /// <param name="workloads">The Deployments' numbers.</param>
    /// <param name="alert">Which of their alerts, from 0.</param>
    public string Webhook(IReadOnlyList<int> workloads, int alert)
    {
        var group = new JsonObject { ["namespace"] = Namespace(workloads[0]) };
        return new JsonObject
        {
            ["version"] = "4",
            ["receiver"] = "alert-responder",
            ["status"] = "firing",
            ["groupKey"] = $"{{}}:{{namespace=\"{Namespace(workloads[0])}\"}}",
            ["truncatedAlerts"] = 0,
            ["groupLabels"] = group.DeepClone(),
            ["commonLabels"] = group,
            ["commonAnnotations"] = new JsonObject(),
            ["externalURL"] = "http://alertmanager.example:9093",
            ["alerts"] = new JsonArray([.. workloads.Select(workload => Alert(workload, alert))]),
        }.ToJsonString();
    }

    private JsonObject Alert(int workload, int alert)
    {
        var (name, labels, description) = Labels(workload, alert);
        labels["alertname"] = name;
        labels["namespace"] = Namespace(workload);
        labels["job"] = "kube-state-metrics";
        labels["prometheus"] = "monitoring/kube-prometheus-stack-prometheus";
        labels["severity"] = "warning";
        return new JsonObject
        {
            ["status"] = "firing",
            ["labels"] = labels,
            ["annotations"] = new JsonObject
            {
                ["description"] = description,
                ["runbook_url"] = $"https://runbooks.prometheus-operator.dev/runbooks/kubernetes/{name.ToLowerInvariant()}",
                ["summary"] = "A workload is sick.",
            },
            ["startsAt"] = JsonSerializer.SerializeToNode(startsAt),
            ["endsAt"] = "0001-01-01T00:00:00Z",
            ["generatorURL"] = "http://prometheus.example:9090/graph?g0.expr=max_over_time%28kube_pod_container_status_waiting_reason%5B5m%5D%29+%3E%3D+1&g0.tab=1",
            ["fingerprint"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(labels.ToJsonString())).AsSpan(0, 8)),
        };
    }

    private static (string Name, JsonObject Labels, string Description) Labels(int workload, int alert)
    {
        var crashLoops = Pods * Containers.Length;
        if (alert < crashLoops)
        {
            var (pod, container) = (Pod(workload, alert % Pods), Containers[alert / Pods]);
            return (
                "KubePodCrashLooping",
                new JsonObject { ["pod"] = pod, ["container"] = container, ["reason"] = "CrashLoopBackOff" },
                $"Pod {Namespace(workload)}/{pod} ({container}) is in waiting state (reason: \"CrashLoopBackOff\").");
        }

        var name = alert == crashLoops ? "KubeDeploymentReplicasMismatch" : "KubeDeploymentRolloutStuck";
        return (name, new JsonObject { ["deployment"] = Name(workload) }, $"Deployment {Namespace(workload)}/{Name(workload)} does not get its replicas.");
    }

    private static string Namespace(int workload) => string.Create(CultureInfo.InvariantCulture, $"team-{workload % Namespaces}");

    private static string ReplicaSet(int workload) => $"{Name(workload)}-7d9f8b6c5";

    private static string Pod(int workload, int pod) => string.Create(CultureInfo.InvariantCulture, $"{ReplicaSet(workload)}-x7k2{pod}");

    private static string Node(int node) => string.Create(CultureInfo.InvariantCulture, $"node-{node}");

    private static string NodeManifest(int node) =>
        $$$"""
        apiVersion: v1
        kind: Node
        metadata: {name: {{{Node(node)}}}, labels: {kubernetes.io/arch: amd64, kubernetes.io/os: linux}}
        status:
          capacity: {cpu: "16", memory: 65536Mi, pods: "250"}
          allocatable: {cpu: "16", memory: 65536Mi, pods: "250"}
          nodeInfo: {architecture: amd64, bootID: b, containerRuntimeVersion: c, kernelVersion: k, kubeProxyVersion: p, kubeletVersion: v1.32.0, machineID: m, operatingSystem: linux, osImage: o, systemUUID: s}
          conditions:
          - {type: MemoryPressure, status: "False", reason: KubeletHasSufficientMemory, message: kubelet has sufficient memory available, lastTransitionTime: "{{now-12d}}"}
          - {type: Ready, status: "True", reason: KubeletReady, message: kubelet is posting ready status, lastTransitionTime: "{{now-12d}}"}
        """;

    private static string Manifests(int workload) =>
        $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{Name(workload)}}}, namespace: {{{Namespace(workload)}}}, uid: d-{{{workload}}}, generation: 2, annotations: {deployment.kubernetes.io/revision: "2"}}
        spec:
          replicas: {{{Pods}}}
          selector: {matchLabels: {app: {{{Name(workload)}}}}}
          template: {metadata: {labels: {app: {{{Name(workload)}}}}}, spec: {containers: [{name: app, image: "registry.example/{{{Name(workload)}}}:1.4.2", resources: {limits: {memory: 256Mi} } }] } }
        status:
          observedGeneration: 2
          replicas: {{{Pods}}}
          updatedReplicas: {{{Pods}}}
          unavailableReplicas: {{{Pods}}}
          conditions:
          - {type: Available, status: "False", reason: MinimumReplicasUnavailable, message: Deployment does not have minimum availability., lastTransitionTime: "{{now-15m}}"}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: {{{ReplicaSet(workload)}}}
          namespace: {{{Namespace(workload)}}}
          uid: r-{{{workload}}}
          labels: {app: {{{Name(workload)}}}, pod-template-hash: 7d9f8b6c5}
          annotations: {deployment.kubernetes.io/revision: "2"}
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: {{{Name(workload)}}}, uid: d-{{{workload}}}, controller: true}]
        spec: {replicas: {{{Pods}}}, selector: {matchLabels: {app: {{{Name(workload)}}} } } }
        status: {replicas: {{{Pods}}}}
        ---
        {{{PodsOf(workload)}}}
        """;

    private static string PodsOf(int workload) => string.Join("\n---\n", Enumerable.Range(0, Pods).Select(pod => PodManifests(workload, pod)));

    private static string PodManifests(int workload, int pod) =>
        $$$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{{Pod(workload, pod)}}}
          namespace: {{{Namespace(workload)}}}
          creationTimestamp: "{{now-16m}}"
          labels: {app: {{{Name(workload)}}}, pod-template-hash: 7d9f8b6c5}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: {{{ReplicaSet(workload)}}}, uid: r-{{{workload}}}, controller: true}]
        spec:
          nodeName: {{{Node((workload + pod) % Nodes)}}}
          restartPolicy: Always
          containers:
          - {name: app, image: "registry.example/{{{Name(workload)}}}:1.4.2", resources: {limits: {memory: 256Mi}, requests: {cpu: 100m, memory: 128Mi} } }
        status:
          phase: Running
          qosClass: Burstable
          startTime: "{{now-16m}}"
          conditions:
          - {type: Ready, status: "False", lastTransitionTime: "{{now-2m20s}}", reason: ContainersNotReady, message: "containers with unready status: [app]"}
          containerStatuses:
          - name: app
            image: registry.example/{{{Name(workload)}}}:1.4.2
            imageID: registry.example/{{{Name(workload)}}}@sha256:8b1d40c7f3a92e65d07c4f18a6b3925e7cd1f80a4b69e352d7f01c8ea5936b24
            ready: false
            restartCount: 5
            state: {waiting: {reason: CrashLoopBackOff, message: back-off 2m40s restarting failed container}}
            lastState: {terminated: {exitCode: 137, reason: OOMKilled, startedAt: "{{now-3m10s}}", finishedAt: "{{now-2m21s}}"} }
        ---
        apiVersion: v1
        kind: Event
        metadata: {name: {{{Pod(workload, pod)}}}.backoff, namespace: {{{Namespace(workload)}}}, creationTimestamp: "{{now-15m}}"}
        involvedObject: {kind: Pod, namespace: {{{Namespace(workload)}}}, name: {{{Pod(workload, pod)}}}, apiVersion: v1, fieldPath: "spec.containers{app}"}
        reason: BackOff
        message: Back-off restarting failed container app in pod {{{Pod(workload, pod)}}}
        source: {component: kubelet, host: {{{Node((workload + pod) % Nodes)}}}}
        firstTimestamp: "{{now-15m}}"
        lastTimestamp: "{{now-12s}}"
        count: 27
        type: Warning
        """;

    // As many lines as are asked for, and the last ones of a process that was killed.
    private static string PreviousLog { get; } = string.Join('\n', Enumerable.Range(1, 60).Select(line => string.Create(
        CultureInfo.InvariantCulture, $"2026-11-25T02:14:{line - 1:00}.104Z INFO worker batch={line} items={line * 400} heap={line * 4}MiB of 256MiB")));
}
