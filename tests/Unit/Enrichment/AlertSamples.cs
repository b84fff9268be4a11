using AlertResponder.Contracts;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>An alert with the labels that its rule leaves on it.</summary>
/// <param name="Name">The alert.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="Labels">The labels that the rule or the metric gives it.</param>
/// <param name="Series">Whose series keeps its target's labels; empty when the rule aggregates them away.</param>
internal sealed record AlertSample(string Name, string Severity, string Labels, string Series)
{
    // What Prometheus adds to every series of a target of kube-prometheus-stack, whose release is named kps.
    private static readonly Dictionary<string, string> Targets = new(StringComparer.Ordinal)
    {
        [""] = "",
        ["kube-state-metrics"] = $"container=kube-state-metrics endpoint=http instance=10.42.0.12:8080 job=kube-state-metrics namespace=monitoring pod={StackCluster.KubeStateMetricsPod} service=kps-kube-state-metrics",
        ["node-exporter"] = $"container=node-exporter endpoint=http-metrics instance=10.0.0.5:9100 job=node-exporter namespace=monitoring pod={StackCluster.NodeExporterPod} service=kps-node-exporter",
        ["kubelet"] = "endpoint=https-metrics instance=10.0.0.5:10250 job=kubelet metrics_path=/metrics namespace=kube-system node=worker-1 service=kps-kubelet",
        ["apiserver"] = "endpoint=https instance=10.0.0.2:6443 job=apiserver namespace=default service=kubernetes",
        ["etcd"] = "endpoint=http-metrics instance=10.0.0.2:2381 job=kube-etcd namespace=kube-system service=kps-kube-etcd",
        ["Prometheus"] = "container=prometheus endpoint=http-web instance=10.42.0.9:9090 job=kps-prometheus namespace=monitoring pod=prometheus-kps-0 service=kps-prometheus",
        ["Alertmanager"] = "container=alertmanager endpoint=http-web instance=10.42.0.10:9093 job=kps-alertmanager namespace=monitoring pod=alertmanager-kps-0 service=kps-alertmanager",
        ["Prometheus operator"] = $"container=kube-prometheus-stack endpoint=https instance=10.42.0.8:10250 job=kps-operator namespace=monitoring pod={StackCluster.OperatorPod} service=kps-operator",
        ["cert-manager"] = "container=cert-manager-controller endpoint=9402 instance=10.42.0.21:9402 job=cert-manager namespace=cert-manager pod=cert-manager-5f6d7c8b9-u2x4z service=cert-manager",
        ["Longhorn"] = $"container=longhorn-manager endpoint=manager instance=10.42.0.22:9500 job=longhorn-backend namespace=longhorn-system pod={StackCluster.LonghornPod} service=longhorn-backend",
        ["blackbox-exporter"] = "instance=https://shop.example job=blackbox namespace=monitoring",
        ["the app itself"] = $"container=app endpoint=http instance=10.42.0.30:8080 job=checkout namespace=shop pod={StackCluster.CheckoutPod} service=checkout",
    };

    /// <summary>The alert; a label of its own wins over its target's, as with <c>honor_labels</c>.</summary>
    public Alert ToAlert()
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal) { ["severity"] = Severity };
        foreach (var label in $"{Targets[Series]} {Labels}".Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = label.Split('=', 2);
            labels[pair[0]] = pair[1];
        }

        return Samples.Alert("01", name: Name, labels: [.. labels.Select(label => (label.Key, label.Value))]);
    }
}

/// <summary>Alerts as they arrive.</summary>
internal static class AlertSamples
{
    private const string CheckoutContainer = $"namespace=shop pod={StackCluster.CheckoutPod} container=app";

    /// <summary>Every alert that kube-prometheus-stack ships.</summary>
    public static IReadOnlyList<AlertSample> Default { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Enrichment", "alerts", "default-alerts.tsv")).Skip(1)
            .Select(line => line.Split('\t')).Select(row => Shipped(row[0], row[1])),
    ];

    /// <summary>Alerts of other rules that are in wide use, and of scrapes without <c>honor_labels</c>.</summary>
    public static IReadOnlyList<AlertSample> Others { get; } =
    [
        new("KubeProxyDown", "critical", "", ""),
        new("CoreDNSDown", "critical", "job=coredns", ""),
        new("etcdNoLeader", "critical", "", "etcd"),
        new("CertManagerCertNotReady", "critical", "exported_namespace=shop namespace=cert-manager name=shop-tls condition=False", ""),
        new("CertificateExpiresSoon", "warning", "exported_namespace=shop name=shop-tls issuer_name=letsencrypt", "cert-manager"),
        new("LonghornVolumeStatusWarning", "warning", "volume=pvc-bound node=worker-1 pvc=data-db-0 pvc_namespace=shop", "Longhorn"),
        new("LonghornVolumeActualSpaceUsedWarning", "warning", "volume=pvc-bound", "Longhorn"),
        new("LonghornNodeStorageWarning", "warning", "node=worker-1", "Longhorn"),
        new("KubePodCrashLooping", "warning", $"exported_namespace=shop exported_pod={StackCluster.CheckoutPod} exported_container=app reason=CrashLoopBackOff", "kube-state-metrics"),
        new("KubePodCrashLooping", "warning", $"namespace=shop pod={StackCluster.ReportPod} container=app reason=CrashLoopBackOff uid=1", "kube-state-metrics"),
        new("HighErrorRate", "critical", "", "the app itself"),
        new("HighErrorRate", "critical", "namespace=shop job=checkout", ""),
        new("ProbeFailed", "critical", "", "blackbox-exporter"),
        new("HostOutOfMemory", "warning", "instance=nas.example:9100", ""),
    ];

    private static AlertSample Shipped(string name, string severity)
    {
        var (labels, series) = name switch
        {
            "AlertmanagerFailedReload" or "AlertmanagerMembersInconsistent" or "AlertmanagerClusterFailedPeers" => ("", "Alertmanager"),
            "AlertmanagerFailedToSendAlerts" => ("integration=webhook", "Alertmanager"),
            "AlertmanagerClusterFailedToSendAlerts" => ("namespace=monitoring service=kps-alertmanager integration=webhook", ""),
            "AlertmanagerConfigInconsistent" or "AlertmanagerClusterDown" or "AlertmanagerClusterCrashlooping" => ("namespace=monitoring service=kps-alertmanager", ""),
            "CPUThrottlingHigh" => (CheckoutContainer, ""),
            "ConfigReloaderSidecarErrors" => ("container=config-reloader endpoint=reloader-web", "Prometheus"),
            "GrafanaRequestsFailing" => ("namespace=monitoring job=kps-grafana handler=/api/dashboards", ""),
            "KubeAPIErrorBudgetBurn" => ("long=1h short=5m", ""),
            "KubeAPIInstanceUnreachable" => ("", "apiserver"),
            "KubeAggregatedAPIDown" => ("name=v1beta1.metrics.k8s.io namespace=default", ""),
            "KubeAggregatedAPIErrors" => ("name=v1beta1.metrics.k8s.io instance=10.0.0.2:6443 reason=FailedDiscoveryCheck", ""),
            "KubeClientCertificateExpiration" => ("instance=10.0.0.2:6443 job=apiserver", ""),
            "KubeClientErrors" => ("instance=10.0.0.5:10250 job=kubelet namespace=kube-system", ""),
            "KubeContainerWaiting" => ($"{CheckoutContainer} reason=ImagePullBackOff uid=1", "kube-state-metrics"),
            "KubePodCrashLooping" => ($"{CheckoutContainer} reason=CrashLoopBackOff uid=1", "kube-state-metrics"),
            "KubePodNotReady" => ($"namespace=shop pod={StackCluster.CheckoutPod} job=kube-state-metrics", ""),
            _ when name.StartsWith("KubeDaemonSet", StringComparison.Ordinal) => ("namespace=monitoring daemonset=kps-node-exporter", "kube-state-metrics"),
            _ when name.StartsWith("KubeDeployment", StringComparison.Ordinal) => ("namespace=shop deployment=checkout", "kube-state-metrics"),
            _ when name.StartsWith("KubeStatefulSet", StringComparison.Ordinal) => ("namespace=shop statefulset=db", "kube-state-metrics"),
            _ when name.StartsWith("KubeHpa", StringComparison.Ordinal) => ("namespace=shop horizontalpodautoscaler=checkout-scaler", "kube-state-metrics"),
            "KubeJobFailed" => ("namespace=shop job_name=report-29400000 condition=true", "kube-state-metrics"),
            "KubeJobNotCompleted" => ("namespace=shop job_name=report-29400000", ""),
            "KubePdbNotEnoughHealthyPods" => ("namespace=shop poddisruptionbudget=checkout-budget", "kube-state-metrics"),
            "KubePersistentVolumeErrors" => ("persistentvolume=pvc-failed phase=Failed", "kube-state-metrics"),
            _ when name.StartsWith("KubePersistentVolume", StringComparison.Ordinal) => ("namespace=shop persistentvolumeclaim=data-db-0", "kubelet"),
            _ when name.StartsWith("KubeQuota", StringComparison.Ordinal) => ("namespace=shop resourcequota=compute resource=requests.cpu", "kube-state-metrics"),
            "KubeNodeEviction" => ("node=worker-1 instance=10.0.0.5:10250 eviction_signal=memory.available", ""),
            "KubeNodeReadinessFlapping" => ("node=worker-1", ""),
            "KubeNodeUnreachable" => ("node=worker-1 effect=NoSchedule key=node.kubernetes.io/unreachable", "kube-state-metrics"),
            _ when name.StartsWith("KubeNode", StringComparison.Ordinal) => ("node=worker-1 condition=Ready status=true", "kube-state-metrics"),
            "KubeSchedulerInstanceUnreachable" => ("job=kube-scheduler namespace=kube-system instance=10.0.0.2:10259", ""),
            "KubeControllerManagerInstanceUnreachable" => ("job=kube-controller-manager namespace=kube-system instance=10.0.0.2:10257", ""),
            "KubeletTooManyPods" => ("node=worker-1", ""),
            "KubeletPlegDurationHigh" or "KubeletPodStartUpLatencyHigh" => ("node=worker-1 instance=10.0.0.5:10250", ""),
            "KubeletDown" => ("", ""),
            _ when name.StartsWith("Kubelet", StringComparison.Ordinal) => ("", "kubelet"),
            "NodeSystemdServiceFailed" or "NodeSystemdServiceCrashlooping" => ("name=containerd.service", "node-exporter"),
            _ when name.StartsWith("NodeFilesystem", StringComparison.Ordinal) => ("device=/dev/sda1 mountpoint=/ fstype=ext4", "node-exporter"),
            _ when name.StartsWith("NodeNetwork", StringComparison.Ordinal) => ("device=eth0", "node-exporter"),
            "NodeDiskIOSaturation" => ("device=sda", "node-exporter"),
            "NodeRAIDDegraded" or "NodeRAIDDiskFailure" => ("device=md0", "node-exporter"),
            _ when name.StartsWith("Node", StringComparison.Ordinal) => ("", "node-exporter"),
            "PrometheusOperatorNodeLookupErrors" => ("", "Prometheus operator"),
            "PrometheusOperatorRejectedResources" => ("controller=prometheus resource=ServiceMonitor state=rejected", "Prometheus operator"),
            _ when name.StartsWith("PrometheusOperator", StringComparison.Ordinal) => ("namespace=monitoring controller=prometheus", ""),
            _ when name.StartsWith("PrometheusRemote", StringComparison.Ordinal) => ("remote_name=a url=https://metrics.example", "Prometheus"),
            _ when name.StartsWith("Prometheus", StringComparison.Ordinal) => ("", "Prometheus"),
            "TargetDown" => ("job=checkout namespace=shop service=checkout", ""),
            _ => ("", ""),
        };
        return new AlertSample(name, severity, labels, series);
    }
}
