namespace AlertResponder.Enrichment.Subjects;

/// <summary>What a series was scraped from, as far as it changes what its labels mean.</summary>
internal enum Exporter
{
    /// <summary>Something that tells of itself: its pod is the sick thing. Also unknown.</summary>
    Other,

    /// <summary>kube-state-metrics: tells of the cluster's objects.</summary>
    KubeStateMetrics,

    /// <summary>node-exporter, windows-exporter: tell of the machine that they run on.</summary>
    Node,

    /// <summary>The kubelet and its cAdvisor: tell of their node, its pods and volumes.</summary>
    Kubelet,

    /// <summary>blackbox-exporter: tells of the address that it probes, which is the instance.</summary>
    Probe,
}
