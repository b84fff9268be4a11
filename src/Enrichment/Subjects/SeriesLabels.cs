using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Subjects;

/// <summary>
/// An alert's labels without those that only name the exporter. Prometheus puts the namespace, pod, container, service... of what it
/// scrapes on every series. Where a series has such a label of its own, either its own wins (<c>honor_labels</c>, as kube-prometheus-stack
/// scrapes kube-state-metrics) or its own becomes <c>exported_…</c>. Which labels an alert still has depends on how its rule aggregates.
/// </summary>
internal sealed class SeriesLabels
{
    private const string Exported = "exported_";

    // Of the scraped target, on every series that no rule has aggregated away.
    private static readonly string[] OfTarget = ["namespace", "pod", "container", "service", "endpoint", "instance"];

    // Labels of kube-state-metrics' series about objects that are no pods.
    private static readonly string[] OfOtherObjects =
    [
        "node", "persistentvolume", "persistentvolumeclaim", "job_name", "cronjob", "deployment", "statefulset", "daemonset", "replicaset",
        "horizontalpodautoscaler", "poddisruptionbudget", "resourcequota",
    ];

    private readonly Dictionary<string, string> labels;

    public SeriesLabels(Alert alert)
    {
        labels = alert.Labels.Where(label => label.Value.Length > 0).ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);
        Exporter = ExporterOf(labels);
        UnfoldExported();
        DropExporter();
    }

    /// <summary>Whose series it is, where that changes what its labels mean.</summary>
    public Exporter Exporter { get; }

    /// <summary>The exporter's own pod, where the labels name it besides the sick thing.</summary>
    public Subject? ExporterPod { get; private set; }

    /// <summary>Whether the series is as it was scraped: it has an address to have been scraped from.</summary>
    public bool IsScraped => IsScrapedSeries(labels);

    public string? this[string name] => labels.GetValueOrDefault(name);

    /// <summary>The value, if it can be an object's name.</summary>
    public string? Name(string label) => labels.GetValueOrDefault(label) is { } name && AlertSubject.IsObjectName(name) ? name : null;

    public IEnumerable<KeyValuePair<string, string>> All => labels;

    private static bool IsScrapedSeries(Dictionary<string, string> labels) => labels.ContainsKey("instance") || labels.ContainsKey("endpoint");

    // The scrape job says it best. A label `container` or `service` can be the sick thing's, so they count only without a job.
    private static Exporter ExporterOf(Dictionary<string, string> labels)
    {
        if (!IsScrapedSeries(labels))
        {
            return Exporter.Other;
        }

        if (labels.TryGetValue("job", out var job) && ByName(job) is not Exporter.Other and var named)
        {
            return named;
        }

        foreach (var label in new[] { "app_kubernetes_io_name", "service", "container" })
        {
            if ((job is null || label != "container") && labels.TryGetValue(label, out var text) && ByName(text) is not Exporter.Other and var found)
            {
                return found;
            }
        }

        // A rule that keeps nothing but the instance: the exporters of machines have ports of their own.
        return job is null && labels.TryGetValue("instance", out var instance)
            && (instance.EndsWith(":9100", StringComparison.Ordinal) || instance.EndsWith(":9182", StringComparison.Ordinal))
                ? Exporter.Node
                : Exporter.Other;
    }

    private static Exporter ByName(string text) => text switch
    {
        _ when Has(text, "kube-state-metrics") => Exporter.KubeStateMetrics,
        "node" => Exporter.Node,
        _ when Has(text, "node-exporter") || Has(text, "node_exporter") || Has(text, "windows-exporter") || Has(text, "windows_exporter") => Exporter.Node,
        "kubelet" => Exporter.Kubelet,
        _ when Has(text, "/kubelet") || Has(text, "cadvisor") || text == "kubernetes-nodes" => Exporter.Kubelet,
        _ when Has(text, "blackbox") => Exporter.Probe,
        _ => Exporter.Other,
    };

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    // With any exported label the plain ones of the target are the exporter's, also those without a counterpart.
    private void UnfoldExported()
    {
        var exported = labels.Where(label => label.Key.StartsWith(Exported, StringComparison.Ordinal)).ToArray();
        if (exported.Length == 0)
        {
            return;
        }

        RememberExporterPod();
        foreach (var label in OfTarget)
        {
            labels.Remove(label);
        }

        foreach (var (label, value) in exported)
        {
            labels.Remove(label);
            labels[label[Exported.Length..]] = value;
        }
    }

    private void DropExporter()
    {
        switch (Exporter)
        {
            case Exporter.Node:
                RememberExporterPod();
                Drop("namespace", "pod", "container", "service", "endpoint");
                break;

            case Exporter.Kubelet:
                Drop("service", "endpoint");
                break;

            case Exporter.KubeStateMetrics:
                if (IsPodOfKubeStateMetrics())
                {
                    Drop("pod", "container");
                }

                Drop("service", "endpoint", "instance");
                break;

            default:
                break;
        }
    }

    // Its series about pods have their pod's uid; those about anything else carry its own pod.
    private bool IsPodOfKubeStateMetrics() =>
        !labels.ContainsKey("uid")
        && labels.TryGetValue("container", out var container) && Has(container, "kube-state-metrics")
        && ((labels.TryGetValue("pod", out var pod) && Has(pod, "kube-state-metrics")) || OfOtherObjects.Any(labels.ContainsKey));

    private void RememberExporterPod()
    {
        if (Name("namespace") is { } @namespace && Name("pod") is { } pod)
        {
            ExporterPod ??= new Subject("Pod", @namespace, pod);
        }
    }

    private void Drop(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            labels.Remove(name);
        }
    }
}
