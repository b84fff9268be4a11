namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>A cluster that kube-prometheus-stack watches, with one object at least of every kind that its alerts are about.</summary>
internal static class StackCluster
{
    public const string CheckoutPod = "checkout-6d5f7c9b8-p2x4z";
    public const string ReportPod = "report-29400000-b7x2k";
    public const string KubeStateMetricsPod = "kps-kube-state-metrics-5f6d7c8b9-q2x4z";
    public const string NodeExporterPod = "kps-node-exporter-x2x4z";
    public const string OperatorPod = "kps-operator-5f6d7c8b9-r2x4z";
    public const string LonghornPod = "longhorn-manager-v2x4z";

    public static string Manifests { get; } = string.Join("\n---\n",
    [
        .. Deployment("shop", "checkout", CheckoutPod),
        .. Owned("shop", "StatefulSet", "db", "db-0", "volumes: [{name: data, persistentVolumeClaim: {claimName: data-db-0}}]"),
        .. Deployment("monitoring", "kps-kube-state-metrics", KubeStateMetricsPod, "app.kubernetes.io/name: kube-state-metrics"),
        .. Deployment("monitoring", "kps-operator", OperatorPod, "app.kubernetes.io/name: kube-prometheus-stack-prometheus-operator"),
        .. Deployment("monitoring", "kps-grafana", "kps-grafana-5f6d7c8b9-s2x4z"),
        .. Deployment("kube-system", "coredns", "coredns-5f6d7c8b9-t2x4z", "k8s-app: kube-dns"),
        .. new[] { "kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd" }
            .Select(part => Pod("kube-system", $"{part}-worker-1", $"component: {part}, tier: control-plane", "Node", "worker-1")),
        .. Owned("kube-system", "DaemonSet", "kube-proxy", "kube-proxy-w2x4z", labels: "k8s-app: kube-proxy"),
        .. Deployment("kube-system", "metrics-server", "metrics-server-5f6d7c8b9-v2x4z"),
        Service("kube-system", "metrics-server", "metrics-server"),
        "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1beta1.metrics.k8s.io}, spec: {service: {namespace: kube-system, name: metrics-server}}, status: {conditions: [{type: Available, status: 'False', reason: FailedDiscoveryCheck}]}}",
        .. Owned("monitoring", "StatefulSet", "prometheus-kps", "prometheus-kps-0"),
        .. Owned("monitoring", "StatefulSet", "alertmanager-kps", "alertmanager-kps-0"),
        .. Owned("monitoring", "DaemonSet", "kps-node-exporter", NodeExporterPod),
        .. Owned("longhorn-system", "DaemonSet", "longhorn-manager", LonghornPod),
        Service("shop", "checkout", "checkout"),
        Service("monitoring", "kps-alertmanager", "alertmanager-kps"),
        Service("monitoring", "kps-grafana", "kps-grafana"),
        "{apiVersion: batch/v1, kind: CronJob, metadata: {name: report, namespace: shop, uid: report}, spec: {schedule: '0 3 * * *', jobTemplate: {spec: {template: {spec: {containers: []}}}}}}",
        "{apiVersion: batch/v1, kind: Job, metadata: {name: report-29400000, namespace: shop, uid: report-29400000, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: report, uid: report, controller: true}]}, spec: {template: {spec: {containers: []}}}}",
        Pod("shop", ReportPod, "job-name: report-29400000", "Job", "report-29400000"),
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: checkout-scaler, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: checkout}, minReplicas: 1, maxReplicas: 3}}",
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: checkout-budget, namespace: shop}, spec: {minAvailable: 1, selector: {matchLabels: {app: checkout}}}, status: {disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 1, expectedPods: 1}}",
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: compute, namespace: shop}, spec: {hard: {requests.cpu: '4'}}, status: {hard: {requests.cpu: '4'}, used: {requests.cpu: '4'}}}",
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data-db-0, namespace: shop, uid: claim}, spec: {accessModes: [ReadWriteOnce], volumeName: pvc-bound, resources: {requests: {storage: 10Gi}}}, status: {phase: Bound}}",
        "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pvc-bound}, spec: {capacity: {storage: 10Gi}, accessModes: [ReadWriteOnce], claimRef: {kind: PersistentVolumeClaim, namespace: shop, name: data-db-0, uid: claim}}, status: {phase: Bound}}",
        "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pvc-failed}, spec: {capacity: {storage: 10Gi}, accessModes: [ReadWriteOnce], claimRef: {kind: PersistentVolumeClaim, namespace: shop, name: gone, uid: gone}}, status: {phase: Failed}}",
        "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: shop-tls, namespace: shop}, spec: {secretName: shop-tls}, status: {conditions: [{type: Ready, status: 'False', reason: DoesNotExist}]}}",
        "{apiVersion: cert-manager.io/v1, kind: CertificateRequest, metadata: {name: shop-tls-1, namespace: shop, annotations: {cert-manager.io/certificate-name: shop-tls}}, status: {conditions: [{type: Ready, status: 'False', reason: Pending}]}}",
        "{apiVersion: longhorn.io/v1beta2, kind: Volume, metadata: {name: pvc-bound, namespace: longhorn-system}, spec: {numberOfReplicas: 3}, status: {robustness: degraded, state: attached}}",
        """
        apiVersion: v1
        kind: Node
        metadata: {name: worker-1, uid: worker-1}
        spec: {}
        status:
          addresses: [{type: InternalIP, address: 10.0.0.5}, {type: Hostname, address: worker-1}]
          conditions: [{type: Ready, status: "True", reason: KubeletReady, message: kubelet is posting ready status}]
        """,
    ]);

    private static string[] Deployment(string @namespace, string name, string pod, string labels = "tier: any")
    {
        var replicaSet = pod[..pod.LastIndexOf('-')];
        return
        [
            $"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}, namespace: {@namespace}, uid: {name}}}, spec: {{replicas: 1, selector: {{matchLabels: {{app: {name}}}}}, template: {{metadata: {{labels: {{app: {name}}}}}}}}}, status: {{replicas: 1}}}}",
            $"{{apiVersion: apps/v1, kind: ReplicaSet, metadata: {{name: {replicaSet}, namespace: {@namespace}, uid: {replicaSet}, ownerReferences: [{{apiVersion: apps/v1, kind: Deployment, name: {name}, uid: {name}, controller: true}}]}}, spec: {{replicas: 1, selector: {{matchLabels: {{app: {name}}}}}}}}}",
            Pod(@namespace, pod, $"app: {name}, {labels}", "ReplicaSet", replicaSet),
        ];
    }

    private static string[] Owned(string @namespace, string kind, string name, string pod, string spec = "restartPolicy: Always", string labels = "tier: any") =>
    [
        $"{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: {name}, namespace: {@namespace}, uid: {name}}}, spec: {{selector: {{matchLabels: {{app: {name}}}}}, template: {{metadata: {{labels: {{app: {name}}}}}}}}}}}",
        Pod(@namespace, pod, $"app: {name}, {labels}", kind, name, spec),
    ];

    private static string Pod(string @namespace, string name, string labels, string ownerKind, string owner, string spec = "restartPolicy: Always") =>
        $"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: {@namespace}, uid: {name}, labels: {{{labels}}}, ownerReferences: [{{apiVersion: v1, kind: {ownerKind}, name: {owner}, uid: {owner}, controller: true}}]}}, "
        + $"spec: {{nodeName: worker-1, {spec}, containers: [{{name: app, image: registry.example/app}}]}}, "
        + "status: {phase: Running, containerStatuses: [{name: app, ready: false, restartCount: 4, image: x, imageID: x, state: {waiting: {reason: CrashLoopBackOff}}}]}}";

    private static string Service(string @namespace, string name, string app) =>
        $"{{apiVersion: v1, kind: Service, metadata: {{name: {name}, namespace: {@namespace}}}, spec: {{selector: {{app: {app}}}, ports: [{{port: 80}}]}}}}";
}
