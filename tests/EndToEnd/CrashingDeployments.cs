using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Deployments whose pods crash until they are replaced, and what kube-prometheus-stack fires about each of them.</summary>
internal static class CrashingDeployments
{
    public const string Namespace = "shop";

    private const string PodHash = "7d9f8b6c5";

    // What Kubernetes makes random names of.
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static Story Story(params IEnumerable<string> names) => new(
        $$$"""
        {apiVersion: v1, kind: Namespace, metadata: {name: {{{Namespace}}} }}
        {{{string.Concat(names.Select(Manifests))}}}
        """,
        new Dictionary<string, string>());

    /// <summary>The labels of its alerts: one for each pod, and one for the Deployment.</summary>
    public static IEnumerable<Dictionary<string, string>> Alerts(string name, int pods) =>
    [
        .. Enumerable.Range(0, pods).Select(pod => Alert(
            "KubePodCrashLooping", ("pod", $"{name}-{PodHash}-x{Letters[pod / 10]}{Letters[pod % 10]}kz"), ("container", "app"), ("reason", "CrashLoopBackOff"))),
        Alert("KubeDeploymentReplicasMismatch", ("deployment", name)),
    ];

    /// <summary>A webhook with one such alert, in the form of those that were recorded.</summary>
    public static string Webhook(IReadOnlyDictionary<string, string> labels, DateTimeOffset startsAt)
    {
        var webhook = JsonNode.Parse(Payloads.Read("firing-single.json"))!;
        var alert = webhook["alerts"]![0]!;
        alert["labels"] = JsonSerializer.SerializeToNode(labels);
        alert["startsAt"] = startsAt.ToString("O");
        alert["fingerprint"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(labels)))[..16];
        return webhook.ToJsonString();
    }

    private static Dictionary<string, string> Alert(string name, params IEnumerable<(string Name, string Value)> labels) => new(
        labels.Select(label => KeyValuePair.Create(label.Name, label.Value)), StringComparer.Ordinal)
    {
        ["alertname"] = name,
        ["namespace"] = Namespace,
        ["job"] = "kube-state-metrics",
        ["severity"] = "warning",
    };

    private static string Manifests(string name) =>
        $$$"""

        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}}}
        spec:
          replicas: 25
          selector: {matchLabels: {app: {{{name}}} }}
          template: {metadata: {labels: {app: {{{name}}} }}, spec: {containers: [{name: app, image: "registry.example/{{{name}}}:2"}]}}
        status: {replicas: 25, updatedReplicas: 25, unavailableReplicas: 25}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: {{{name}}}-{{{PodHash}}}
          namespace: {{{Namespace}}}
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: {{{name}}}, uid: {{{name}}}, controller: true}]
        spec: {replicas: 25, selector: {matchLabels: {app: {{{name}}} }} }
        status: {replicas: 25}
        """;
}
