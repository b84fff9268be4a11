using AlertResponder.Contracts;
using AlertResponder.Enrichment.Gathering;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>A cluster with one of everything that evidence is made of. Deployment <c>shop/web</c> crashes since its last rollout.</summary>
internal static class Shop
{
    public const string Pod = "web-7c9d8f6b5-q4x2z";

    /// <summary>The value of a variable: nowhere to be seen.</summary>
    public const string Secret = "Tr0ub4dor-and-3-more";

    private const string Log =
        """
        starting web 2.1.0
        level=error msg="dial tcp: lookup redis.data.svc.cluster.local on 10.43.0.10:53: no such host"
        level=error msg="dial tcp 10.43.7.1:5432: connect postgres:5432: connection refused"
        """;

    public static Story Story => new(Manifests, new Dictionary<string, string> { [$"shop/{Pod}/web.previous.log"] = Log, [$"shop/{Pod}/proxy.log"] = "ready" });

    /// <summary>What of the shop can be a subject.</summary>
    public static readonly Subject[] Subjects =
    [
        new("Deployment", "shop", "web"), new("ReplicaSet", "shop", "web-7c9d8f6b5"), new("StatefulSet", "shop", "cart"), new("DaemonSet", "shop", "agent"),
        new("CronJob", "shop", "report"), new("Job", "shop", "report-28487520"), new("Pod", "shop", Pod), new("Node", null, "k3s-agent-1"),
        new("PersistentVolumeClaim", "shop", "data"), new("PersistentVolume", null, "pv-1"), new("HorizontalPodAutoscaler", "shop", "web"),
        new("PodDisruptionBudget", "shop", "web"), new("ResourceQuota", "shop", "all"), new("Certificate", "shop", "web-tls"),
        new("Volume", "longhorn-system", "pvc-1"), new("Namespace", null, "shop"), new("APIService", null, "v1beta1.metrics.k8s.io"),
        new(Subject.AlertKind, null, "TargetDown"),
    ];

    /// <summary>The evidence of a subject, with an alert that names the namespace and the Service.</summary>
    public static async Task<IReadOnlyList<Evidence>> GatherAsync(this EnrichmentRoom room, Subject subject, params (string, string)[] labels)
    {
        using var reads = room.Reads();
        var evidence = (await new EvidenceGatherer(subject, [Samples.Alert("01", labels: labels)], reads).GatherAsync()).Items;
        reads.Unread.ShouldBeEmpty();
        return evidence;
    }

    private static string Manifests => string.Join("\n---\n", Workloads, Pods, Around, Storage, Custom)
        .Replace("$pod", Pod, StringComparison.Ordinal).Replace("$secret", Secret, StringComparison.Ordinal);

    private const string Workloads = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          namespace: shop
          uid: d-web
          generation: 7
          labels: {app.kubernetes.io/managed-by: Helm}
          annotations: {deployment.kubernetes.io/revision: "7", meta.helm.sh/release-name: web}
        spec: {replicas: 2, paused: false, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "registry.example/web:2.1.0"}]}}}
        status:
          observedGeneration: 7
          replicas: 1
          updatedReplicas: 1
          conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded, message: ReplicaSet "web-7c9d8f6b5" has timed out progressing.}]
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: web-6b7c8d9f5
          namespace: shop
          creationTimestamp: {{now-9d}}
          labels: {app: web}
          annotations: {deployment.kubernetes.io/revision: "6"}
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d-web, controller: true}]
        spec:
          replicas: 0
          selector: {matchLabels: {app: web, pod-template-hash: 6b7c8d9f5}}
          template:
            metadata: {labels: {app: web, pod-template-hash: 6b7c8d9f5}}
            spec:
              containers:
              - {name: web, image: "registry.example/web:2.0.3", resources: {limits: {memory: 512Mi}}, env: [{name: API_KEY, value: old-$secret}, {name: OLD, value: x}]}
        status: {replicas: 0}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: web-7c9d8f6b5
          namespace: shop
          uid: r-web
          creationTimestamp: {{now-20m}}
          labels: {app: web}
          annotations: {deployment.kubernetes.io/revision: "7"}
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d-web, controller: true}]
        spec:
          replicas: 2
          selector: {matchLabels: {app: web, pod-template-hash: 7c9d8f6b5}}
          template:
            metadata: {labels: {app: web, pod-template-hash: 7c9d8f6b5}}
            spec:
              nodeSelector: {disk: fast}
              containers:
              - {name: web, image: "registry.example/web:2.1.0", args: [--verbose], resources: {limits: {memory: 256Mi}}, env: [{name: API_KEY, value: $secret}, {name: NEW, value: y}]}
        status:
          replicas: 1
          conditions: [{type: ReplicaFailure, status: "True", reason: FailedCreate, message: "pods \"web-7c9d8f6b5-\" is forbidden: exceeded quota: all"}]
        ---
        {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: cart, namespace: shop, uid: s-cart, labels: {kustomize.toolkit.fluxcd.io/name: shop}}, spec: {replicas: 0, selector: {matchLabels: {app: cart}}, serviceName: cart, template: {metadata: {labels: {app: cart}}, spec: {containers: [{name: cart}]}}}, status: {replicas: 0}}
        ---
        {apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: cart-1, namespace: shop, creationTimestamp: "{{now-2d}}", labels: {app: cart}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: cart, uid: s-cart, controller: true}]}, revision: 1, data: {spec: {template: {spec: {containers: [{name: cart, image: "registry.example/cart:1"}]}}}}}
        ---
        {apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: cart-2, namespace: shop, creationTimestamp: "{{now-1h}}", labels: {app: cart}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: cart, uid: s-cart, controller: true}]}, revision: 2, data: {spec: {template: {spec: {containers: [{name: cart, image: "registry.example/cart:2"}]}}}}}
        ---
        {apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent, namespace: shop, uid: ds-agent, annotations: {argocd.argoproj.io/tracking-id: "shop:apps/DaemonSet:shop/agent"}}, spec: {selector: {matchLabels: {app: agent}}, template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: agent}]}}}, status: {desiredNumberScheduled: 1, currentNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0}}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: report, namespace: shop, uid: cj-report}
        spec: {schedule: "0 3 * * *", concurrencyPolicy: Forbid, suspend: false, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: report}]}}}}}
        status: {lastScheduleTime: {{now-1h}}, lastSuccessfulTime: {{now-25h}}}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: report-28487520, namespace: shop, uid: j-report, creationTimestamp: {{now-1h}}, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: report, uid: cj-report, controller: true}]}
        spec: {backoffLimit: 2, completions: 1, activeDeadlineSeconds: 600, template: {spec: {restartPolicy: Never, containers: [{name: report}]}}}
        status: {failed: 3, conditions: [{type: Failed, status: "True", reason: BackoffLimitExceeded, message: Job has reached the specified backoff limit}]}
        """;

    private const string Pods = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: $pod
          namespace: shop
          uid: p-web
          creationTimestamp: {{now-20m}}
          labels: {app: web, pod-template-hash: 7c9d8f6b5}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-7c9d8f6b5, uid: r-web, controller: true}]
        spec:
          nodeName: k3s-agent-1
          nodeSelector: {disk: fast}
          restartPolicy: Always
          imagePullSecrets: [{name: registry}]
          initContainers:
          - {name: migrate, image: "registry.example/migrate:1"}
          - {name: proxy, image: "registry.example/proxy:1", restartPolicy: Always}
          containers:
          - name: web
            image: registry.example/web:2.1.0
            command: [/web]
            args: [--verbose]
            resources: {limits: {memory: 256Mi, ephemeral-storage: 1Gi}}
            livenessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 5}
            readinessProbe: {tcpSocket: {port: http}}
            startupProbe: {exec: {command: [cat, /ready]}}
            env:
            - {name: API_KEY, value: $secret}
            - {name: MODE, valueFrom: {configMapKeyRef: {name: web, key: mode}}}
            - {name: TOKEN, valueFrom: {secretKeyRef: {name: web-token, key: token}}}
            - {name: MAYBE, valueFrom: {secretKeyRef: {name: perhaps, key: token, optional: true}}}
          volumes:
          - {name: data, persistentVolumeClaim: {claimName: data}}
          - {name: cache, persistentVolumeClaim: {claimName: cache}}
        status:
          phase: Running
          qosClass: Burstable
          initContainerStatuses:
          - {name: migrate, ready: true, restartCount: 0, image: x, imageID: x, state: {terminated: {exitCode: 0, reason: Completed, finishedAt: {{now-19m}}}}}
          - {name: proxy, ready: true, restartCount: 1, image: x, imageID: x, state: {running: {startedAt: {{now-19m}}}}}
          containerStatuses:
          - name: web
            ready: false
            started: false
            restartCount: 6
            image: x
            imageID: x
            state: {waiting: {reason: CrashLoopBackOff, message: back-off}}
            lastState: {terminated: {exitCode: 1, reason: Error, startedAt: {{now-4m}}, finishedAt: {{now-3m}}}}
        ---
        {apiVersion: v1, kind: Event, metadata: {name: web.1, namespace: shop}, involvedObject: {kind: Pod, namespace: shop, name: $pod}, type: Normal, reason: Pulled, message: Container image pulled, count: 6, lastTimestamp: "{{now-1m}}"}
        ---
        {apiVersion: v1, kind: Event, metadata: {name: web.2, namespace: shop}, involvedObject: {kind: Pod, namespace: shop, name: $pod}, type: Warning, reason: BackOff, message: Back-off restarting, count: 21, lastTimestamp: "{{now-2m}}"}
        ---
        {apiVersion: v1, kind: Event, metadata: {name: web.3, namespace: shop}, involvedObject: {kind: Pod, namespace: shop, name: $pod}, type: Warning, reason: FailedMount, message: Old trouble, count: 1, lastTimestamp: "{{now-5h}}"}
        ---
        {apiVersion: v1, kind: Event, metadata: {name: web.4, namespace: shop}, involvedObject: {kind: Pod, namespace: shop, name: $pod}, type: Warning, reason: Unhealthy, message: Liveness probe failed, count: 3, lastTimestamp: "{{now-1m}}"}
        """;

    private const string Around = """
        apiVersion: v1
        kind: Node
        metadata: {name: k3s-agent-1, uid: n-1}
        status:
          allocatable: {cpu: "4", memory: 8Gi, pods: "110"}
          conditions:
          - {type: DiskPressure, status: "True", reason: KubeletHasDiskPressure, message: kubelet has disk pressure}
          - {type: Ready, status: "True", reason: KubeletReady, message: ready, lastTransitionTime: "2026-11-10T08:00:00Z"}
          nodeInfo:
            {machineID: m, systemUUID: s, bootID: b, kernelVersion: "6.1", osImage: Debian, containerRuntimeVersion: "containerd://2.0",
             kubeletVersion: v1.32.4, kubeProxyVersion: "", operatingSystem: linux, architecture: arm64}
        ---
        {apiVersion: metrics.k8s.io/v1beta1, kind: NodeMetrics, metadata: {name: k3s-agent-1}, timestamp: "2026-11-22T02:12:00Z", window: 20s, usage: {cpu: 1500m, memory: 6Gi}}
        ---
        {apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: {name: web-7c9d8f6b5-q4x2z, namespace: shop}, timestamp: "2026-11-22T02:12:00Z", window: 20s, containers: [{name: proxy, usage: {cpu: 12m, memory: 40Mi}}]}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: web, namespace: shop}
        spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 4, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]}
        status:
          currentReplicas: 2
          desiredReplicas: 2
          conditions:
          - {type: AbleToScale, status: "True", reason: SucceededGetScale, message: ok}
          - {type: ScalingActive, status: "False", reason: FailedGetResourceMetric, message: missing request for cpu}
        ---
        {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web-egress, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: In, values: [web, cart]}]}, policyTypes: [Egress]}}
        ---
        {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: other, namespace: shop}, spec: {podSelector: {matchLabels: {app: other}}, policyTypes: [Ingress]}}
        ---
        {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}, status: {currentHealthy: 0, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 2}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: ClusterIP, selector: {app: web}, ports: [{port: 80}]}}
        ---
        {apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: shop}, subsets: [{notReadyAddresses: [{ip: 10.42.0.9}], ports: [{port: 8080}]}]}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: postgres, namespace: shop}, spec: {type: ClusterIP, selector: {app: postgres}, ports: [{port: 5432}]}}
        ---
        {apiVersion: v1, kind: Endpoints, metadata: {name: postgres, namespace: shop}}
        ---
        {apiVersion: v1, kind: ResourceQuota, metadata: {name: all, namespace: shop}, spec: {hard: {pods: "1"}}, status: {hard: {pods: "1", requests.memory: 4Gi}, used: {pods: "1", requests.memory: 3Gi}}}
        """;

    private const string Storage = """
        {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], storageClassName: longhorn, volumeName: pv-1, resources: {requests: {storage: 10Gi}}}, status: {phase: Bound, capacity: {storage: 10Gi}}}
        ---
        {apiVersion: v1, kind: PersistentVolume, metadata: {name: pv-1}, spec: {capacity: {storage: 10Gi}, accessModes: [ReadWriteOnce], storageClassName: longhorn, claimRef: {namespace: shop, name: data}, csi: {driver: driver.longhorn.io, volumeHandle: pvc-1}}, status: {phase: Bound}}
        ---
        {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: longhorn}, provisioner: driver.longhorn.io, volumeBindingMode: WaitForFirstConsumer, allowVolumeExpansion: true}
        ---
        apiVersion: longhorn.io/v1beta2
        kind: Volume
        metadata: {name: pvc-1, namespace: longhorn-system}
        spec: {numberOfReplicas: 2}
        status: {state: attached, robustness: degraded, currentNodeID: k3s-agent-1, kubernetesStatus: {namespace: shop, pvcName: data}, conditions: [{type: Scheduled, status: "False", reason: ReplicaSchedulingFailure, message: ""}]}
        ---
        {apiVersion: longhorn.io/v1beta2, kind: Replica, metadata: {name: pvc-1-r-1, namespace: longhorn-system, labels: {longhornvolume: pvc-1}}, spec: {nodeID: k3s-agent-1, failedAt: ""}, status: {currentState: running}}
        """;

    private const string Custom = """
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: {name: web-tls, namespace: shop}
        spec: {dnsNames: ["*.shop.example"], issuerRef: {kind: ClusterIssuer, name: letsencrypt}}
        status: {notAfter: "2026-11-24T00:00:00Z", conditions: [{type: Ready, status: "False", reason: DoesNotExist}]}
        ---
        {apiVersion: cert-manager.io/v1, kind: CertificateRequest, metadata: {name: web-tls-1, namespace: shop, creationTimestamp: "2026-11-01T00:00:00Z", annotations: {cert-manager.io/certificate-name: web-tls}}, status: {conditions: [{type: Ready, status: "True"}]}}
        ---
        {apiVersion: cert-manager.io/v1, kind: CertificateRequest, metadata: {name: web-tls-2, namespace: shop, creationTimestamp: "2026-11-20T00:00:00Z", annotations: {cert-manager.io/certificate-name: web-tls}}, status: {conditions: [{type: Ready, status: "False", reason: Pending, message: Waiting on certificate issuance}]}}
        ---
        {apiVersion: acme.cert-manager.io/v1, kind: Challenge, metadata: {name: web-tls-2-1, namespace: shop}, spec: {dnsName: shop.example, type: DNS-01}, status: {state: pending, reason: DNS record not yet propagated}}
        ---
        apiVersion: apiregistration.k8s.io/v1
        kind: APIService
        metadata: {name: v1beta1.metrics.k8s.io}
        spec: {service: {namespace: kube-system, name: metrics-server}}
        status: {conditions: [{type: Available, status: "False", reason: MissingEndpoints, message: endpoints for service/metrics-server have no addresses}]}
        """;
}
