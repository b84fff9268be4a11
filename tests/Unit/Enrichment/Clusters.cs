namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>Small clusters.</summary>
internal static class Clusters
{
    /// <summary>Deployment <c>shop/checkout</c>, whose 25 pods cannot pull their image.</summary>
    public static string Checkout => string.Join("\n---\n",
    [
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: checkout, namespace: shop, uid: d-1}
        spec:
          replicas: 25
          selector: {matchLabels: {app: checkout}}
          template: {metadata: {labels: {app: checkout}}, spec: {containers: [{name: app, image: "registry.example/checkout:2.14.0"}]}}
        status: {replicas: 25, updatedReplicas: 25, unavailableReplicas: 25}
        """,
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: checkout-6d5f7c9b8
          namespace: shop
          labels: {app: checkout}
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: checkout, uid: d-1, controller: true}]
        spec: {replicas: 25, selector: {matchLabels: {app: checkout}}}
        status: {replicas: 25}
        """,
        .. Enumerable.Range(0, 25).Select(number => CheckoutPod(number)),
    ]);

    public static string CheckoutPodName(int number) => $"checkout-6d5f7c9b8-p{number:d4}";

    /// <summary>A static pod: the kubelet runs it from a file.</summary>
    public const string StaticPod = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: kube-apiserver-server-1
          namespace: kube-system
          ownerReferences: [{apiVersion: v1, kind: Node, name: server-1, uid: n-1, controller: true}]
        spec: {nodeName: server-1, containers: [{name: kube-apiserver, image: "registry.example/apiserver:1.32"}]}
        status:
          phase: Running
          containerStatuses:
          - {name: kube-apiserver, ready: false, restartCount: 3, image: x, imageID: x, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, reason: Error}}}
        """;

    /// <summary>Node <c>k3s-agent-2</c>, which no longer reports.</summary>
    public const string LostNode = """
        apiVersion: v1
        kind: Node
        metadata: {name: k3s-agent-2, uid: n-2}
        spec:
          taints: [{key: node.kubernetes.io/unreachable, effect: NoExecute}]
        status:
          allocatable: {cpu: "4", memory: 16257388Ki}
          conditions:
          - {type: MemoryPressure, status: Unknown, reason: NodeStatusUnknown, message: Kubelet stopped posting node status.}
          - {type: Ready, status: Unknown, reason: NodeStatusUnknown, message: Kubelet stopped posting node status.}
          nodeInfo:
            {machineID: m, systemUUID: s, bootID: b, kernelVersion: "6.1", osImage: Debian, containerRuntimeVersion: "containerd://2.0",
             kubeletVersion: v1.32.4, kubeProxyVersion: "", operatingSystem: linux, architecture: arm64}
        ---
        apiVersion: v1
        kind: Event
        metadata: {name: k3s-agent-2.1, namespace: default}
        involvedObject: {kind: Node, name: k3s-agent-2, uid: k3s-agent-2}
        reason: NodeNotReady
        message: "Node k3s-agent-2 status is now: NodeNotReady"
        lastTimestamp: {{now-5m}}
        count: 1
        type: Warning
        """;

    private static string CheckoutPod(int number) => $$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{CheckoutPodName(number)}}
          namespace: shop
          labels: {app: checkout}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: checkout-6d5f7c9b8, uid: r-1, controller: true}]
        spec: {containers: [{name: app, image: "registry.example/checkout:2.14.0"}]}
        status:
          phase: Pending
          containerStatuses:
          - {name: app, ready: false, restartCount: {{number}}, image: x, imageID: "", state: {waiting: {reason: ImagePullBackOff, message: "Back-off pulling image"} } }
        """;
}
