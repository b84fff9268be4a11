using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Subjects;

/// <summary>What an alert's labels say about the sick thing, before the cluster is asked. Pure.</summary>
internal static partial class AlertSubject
{
    /// <summary>Longhorn's own kind of volume, for one that no claim is known of.</summary>
    public const string LonghornVolumeKind = "Volume";

    // kube-state-metrics' names. The label `job` is Prometheus' scrape job, never a Kubernetes Job.
    private static readonly (string Label, string Kind)[] Objects =
    [
        ("job_name", "Job"),
        ("cronjob", "CronJob"),
        ("deployment", "Deployment"),
        ("statefulset", "StatefulSet"),
        ("daemonset", "DaemonSet"),
        ("replicaset", "ReplicaSet"),
        ("horizontalpodautoscaler", "HorizontalPodAutoscaler"),
        ("poddisruptionbudget", "PodDisruptionBudget"),
        ("resourcequota", "ResourceQuota"),
        ("persistentvolumeclaim", "PersistentVolumeClaim"),
        ("pod", "Pod"),
    ];

    // What names the observer, not the observed, or changes while the trouble stays the same; the cluster is a part of the subject already.
    private static readonly string[] NotIdentifying =
    [
        "alertname", "severity", "sloth_severity", "cluster", "prometheus", "prometheus_replica", "replica", "endpoint", "instance", "service", "uid", "pod", "container",
        "metrics_path",
    ];

    /// <summary>The object that the labels name, or the alert itself.</summary>
    public static Subject For(Alert alert)
    {
        var labels = new SeriesLabels(alert);
        return OfOperator(alert.Name(), labels)
            ?? Components.OfControlPlane(alert.Name(), labels)
            ?? Object(labels)
            ?? Machine(labels)
            ?? Components.Of(alert.Name(), labels)
            ?? (labels.Name("namespace") is { } @namespace && labels.Name("service") is { } service ? new Subject("Service", @namespace, service) : null)
            ?? ForAlertItself(alert);
    }

    /// <summary>The pod that the labels name, unless it is the exporter's; null without one.</summary>
    public static Subject? PodOf(Alert alert)
    {
        var labels = new SeriesLabels(alert);
        return labels.Name("namespace") is { } @namespace && labels.Name("pod") is { } pod ? new Subject("Pod", @namespace, pod) : null;
    }

    /// <summary><c>TargetDown{job="x", namespace="y"}</c>.</summary>
    public static Subject ForAlertItself(Alert alert)
    {
        var labels = new SeriesLabels(alert);
        var identifying = labels.All
            .Where(label => !NotIdentifying.Contains(label.Key, StringComparer.Ordinal) || (label.Key == "instance" && labels.Exporter == Exporter.Probe))
            .Where(label => !TemplateErrors.In(label.Value))
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}=\"{label.Value}\"")
            .ToArray();
        return new Subject(
            Subject.AlertKind, null, identifying.Length == 0 ? alert.Name() : $"{alert.Name()}{{{string.Join(", ", identifying)}}}");
    }

    /// <summary>
    /// The Service that an alert's scrape job is named after, as the Prometheus operator does it; null where the job names an exporter.
    /// </summary>
    public static Subject? ServiceOfJob(Alert alert)
    {
        var labels = new SeriesLabels(alert);
        return !labels.IsScraped && labels.Name("namespace") is { } @namespace && labels.Name("job") is { } job && !job.Contains("kube-state-metrics", StringComparison.Ordinal)
            ? new Subject("Service", @namespace, job)
            : null;
    }

    /// <summary>Whether the text can be an object's name (RFC 1123 subdomain); anything else never reaches the API server.</summary>
    public static bool IsObjectName(string text) => text.Length is > 0 and <= 253 && ObjectName().IsMatch(text);

    // Operators measure their own resources: pod and container are the operator's, whatever is said of the resource.
    private static Subject? OfOperator(string alert, SeriesLabels labels)
    {
        if (labels.Name("pvc_namespace") is { } claimNamespace && labels.Name("pvc") is { } claim)
        {
            return new Subject("PersistentVolumeClaim", claimNamespace, claim);
        }

        if (alert.StartsWith("Longhorn", StringComparison.Ordinal) || IsScrapedFrom("longhorn", labels))
        {
            return labels.Name("volume") is { } volume ? new Subject(LonghornVolumeKind, labels.Name("namespace") ?? "longhorn-system", volume)
                : labels.Name("node") is { } node ? new Subject("Node", null, node)
                : null;
        }

        if (labels.Name("name") is not { } name)
        {
            return null;
        }

        if (alert.StartsWith("KubeAggregatedAPI", StringComparison.Ordinal))
        {
            return new Subject("APIService", null, name);
        }

        return labels.Name("namespace") is { } @namespace && (alert.Contains("Cert", StringComparison.Ordinal) || IsScrapedFrom("cert-manager", labels))
            ? new Subject("Certificate", @namespace, name)
            : null;
    }

    private static bool IsScrapedFrom(string @operator, SeriesLabels labels) =>
        labels["job"]?.StartsWith(@operator, StringComparison.Ordinal) == true || labels["service"]?.StartsWith(@operator, StringComparison.Ordinal) == true;

    private static Subject? Object(SeriesLabels labels)
    {
        if (labels.Name("namespace") is not { } @namespace || labels.Exporter == Exporter.Probe)
        {
            return null;
        }

        // What tells of itself may have a label of any name, such as deployment="production".
        var tellsOfItself = labels.Exporter == Exporter.Other && labels.IsScraped && labels.Name("pod") is not null;
        foreach (var (label, kind) in Objects)
        {
            if ((!tellsOfItself || label == "pod") && labels.Name(label) is { } name)
            {
                return new Subject(kind, @namespace, name);
            }
        }

        // Of the recording rules about workloads.
        return labels.Name("workload") is { } workload && Objects.FirstOrDefault(item => item.Label == labels["workload_type"]).Kind is { } workloadKind
            ? new Subject(workloadKind, @namespace, workload)
            : null;
    }

    private static Subject? Machine(SeriesLabels labels)
    {
        if (labels.Name("persistentvolume") is { } volume)
        {
            return new Subject("PersistentVolume", null, volume);
        }

        if (labels.Name("node") is { } node)
        {
            return new Subject("Node", null, node);
        }

        return labels.Exporter is Exporter.Node or Exporter.Kubelet && (HostNames.OfInstance(labels["instance"]) ?? HostNames.OfInstance(labels["nodename"])) is { } host
            ? new Subject(Subject.HostKind, null, host)
            : null;
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ObjectName();
}
