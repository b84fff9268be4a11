using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Subjects;

/// <summary>
/// The parts of a cluster whose alerts name no object: their series are missing, or aggregated over all of their instances.
/// Recognised by scrape job, else by the alert's name.
/// </summary>
internal static class Components
{
    private const string KubeSystem = "kube-system";

    private static readonly Row[] Rows =
    [
        new("kube-apiserver", KubeSystem, ["apiserver", "kube-apiserver", "kubernetes-apiservers"], "KubeAPI", IsStatic: true),
        new("kube-scheduler", KubeSystem, ["kube-scheduler"], "KubeScheduler", IsStatic: true),
        new("kube-controller-manager", KubeSystem, ["kube-controller-manager"], "KubeControllerManager", IsStatic: true),
        new("etcd", KubeSystem, ["kube-etcd", "etcd"], "etcd", IsStatic: true),
        new("kubelet", KubeSystem, ["kubelet"], "Kubelet"),
        new("kube-proxy", KubeSystem, ["kube-proxy"], "KubeProxy", "k8s-app=kube-proxy"),
        new("coredns", KubeSystem, ["coredns", "kube-dns"], "CoreDNS", "k8s-app=kube-dns"),
        new("kube-state-metrics", null, [], "KubeStateMetrics", "app.kubernetes.io/name=kube-state-metrics"),
        new("prometheus-operator", null, [], "PrometheusOperator", "app.kubernetes.io/name in (prometheus-operator,kube-prometheus-stack-prometheus-operator)"),
    ];

    /// <summary>The control plane's parts, before any other label is looked at: their pods, where they have some, are one thing.</summary>
    public static Subject? OfControlPlane(string alert, SeriesLabels labels)
    {
        if (labels["namespace"] is not (null or KubeSystem or "default"))
        {
            return null;
        }

        return ToSubject(Rows.FirstOrDefault(row => row.IsStatic && row.Jobs.Contains(labels["job"], StringComparer.Ordinal)), null)
            ?? (labels["pod"] is null ? ToSubject(Rows.FirstOrDefault(row => row.IsStatic && alert.StartsWith(row.Alerts, StringComparison.Ordinal)), null) : null);
    }

    /// <summary>Any part, when the labels name no object.</summary>
    public static Subject? Of(string alert, SeriesLabels labels) => ToSubject(
        Rows.FirstOrDefault(row => row.Jobs.Contains(labels["job"], StringComparer.Ordinal) || alert.StartsWith(row.Alerts, StringComparison.Ordinal)),
        labels.Name("namespace"));

    /// <summary>The part of the control plane that a static pod is: its name is the part's and its node's.</summary>
    public static Subject? OfStaticPod(Subject pod) =>
        pod.Namespace == KubeSystem ? ToSubject(Rows.FirstOrDefault(row => row.IsStatic && pod.Name.StartsWith(row.Name + "-", StringComparison.Ordinal)), null) : null;

    /// <summary>How the pods of a part are labelled, where a workload runs it.</summary>
    public static string? PodSelector(Subject component) => Rows.FirstOrDefault(row => row.Name == component.Name)?.Pods;

    private static Subject? ToSubject(Row? row, string? @namespace) =>
        row is null ? null : new Subject(Subject.ComponentKind, row.Namespace ?? @namespace, row.Name);

    /// <param name="Name">The part.</param>
    /// <param name="Namespace">Where its pods are; null when the alert says it or nothing does.</param>
    /// <param name="Jobs">Its scrape jobs.</param>
    /// <param name="Alerts">How the names of its alerts begin.</param>
    /// <param name="Pods">A selector of its pods.</param>
    /// <param name="IsStatic">The kubelet runs it from a file, or it is no pod at all.</param>
    private sealed record Row(string Name, string? Namespace, string[] Jobs, string Alerts, string? Pods = null, bool IsStatic = false);
}
