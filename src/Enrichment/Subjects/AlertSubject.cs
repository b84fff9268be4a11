using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Subjects;

/// <summary>What an alert's labels say about the sick thing, before the cluster is asked.</summary>
internal static partial class AlertSubject
{
    // kube-state-metrics' names. The label `job` is Prometheus' scrape job, never a Kubernetes Job.
    private static readonly (string Label, string Kind)[] Workloads =
    [
        ("job_name", "Job"),
        ("cronjob", "CronJob"),
        ("deployment", "Deployment"),
        ("statefulset", "StatefulSet"),
        ("daemonset", "DaemonSet"),
        ("replicaset", "ReplicaSet"),
        ("horizontalpodautoscaler", "HorizontalPodAutoscaler"),
        ("persistentvolumeclaim", "PersistentVolumeClaim"),
        ("pod", "Pod"),
    ];

    // What names the observer, not the observed, or changes while the trouble stays the same.
    private static readonly string[] NotIdentifying =
    [
        "alertname", "severity", "prometheus", "prometheus_replica", "replica", "endpoint", "instance", "service", "uid", "pod", "container",
        "metrics_path",
    ];

    /// <summary>The object that the labels name, or the alert itself.</summary>
    public static Subject For(Alert alert)
    {
        var labels = alert.Labels;
        if (labels.GetValueOrDefault("namespace") is { } @namespace && IsObjectName(@namespace))
        {
            foreach (var (label, kind) in Workloads)
            {
                if (labels.GetValueOrDefault(label) is { } name && IsObjectName(name) && !(label == "pod" && IsObserver(labels)))
                {
                    return new Subject(kind, @namespace, name);
                }
            }
        }

        return labels.GetValueOrDefault("node") is { } node && IsObjectName(node)
            ? new Subject("Node", null, node)
            : ForAlertItself(alert);
    }

    // kube-state-metrics' series about a node carry its own namespace, pod and container besides.
    private static bool IsObserver(IReadOnlyDictionary<string, string> labels) =>
        labels.ContainsKey("node") && labels.TryGetValue("container", out var container) && labels.GetValueOrDefault("job") == container;

    /// <summary><c>TargetDown{job="x", namespace="y"}</c>.</summary>
    public static Subject ForAlertItself(Alert alert)
    {
        var identifying = alert.Labels
            .Where(label => !NotIdentifying.Contains(label.Key, StringComparer.Ordinal))
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}=\"{label.Value}\"")
            .ToArray();
        return new Subject(
            Subject.AlertKind, null, identifying.Length == 0 ? alert.Name() : $"{alert.Name()}{{{string.Join(", ", identifying)}}}");
    }

    /// <summary>Whether the text can be an object's name (RFC 1123 subdomain); anything else never reaches the API server.</summary>
    public static bool IsObjectName(string text) => text.Length is > 0 and <= 253 && ObjectName().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ObjectName();
}
