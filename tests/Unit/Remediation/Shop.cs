using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Remediation;

/// <summary>The namespace <c>shop</c> with one of each kind, and what analysis suggests about them.</summary>
internal static class Shop
{
    public const string Web = "apis/apps/v1/namespaces/shop/deployments/web";
    public const string Scraper = "apis/batch/v1/namespaces/shop/cronjobs/scraper";
    public const string Pod = "api/v1/namespaces/shop/pods/single";

    public const string Manifests =
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
        ---
        {apiVersion: v1, kind: Node, metadata: {name: node-1, uid: n-1, labels: {kubernetes.io/arch: amd64}}, spec: {unschedulable: true}, status: {conditions: [{type: Ready, status: "True"}]}}
        ---
        {apiVersion: v1, kind: Node, metadata: {name: node-2, uid: n-2, labels: {kubernetes.io/arch: arm64}}, spec: {podCIDR: 10.42.2.0/24}, status: {conditions: [{type: Ready, status: "True"}]}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop, uid: d-web, generation: 2, labels: {app.kubernetes.io/managed-by: Helm}}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - {name: proxy, image: "proxy:1", resources: {limits: {memory: 256Mi}}}
              - {name: web, image: "web:2", env: [{name: PASSWORD, value: new-hunter2}], resources: {limits: {memory: 256Mi, cpu: 200m}}}
        status: {observedGeneration: 2, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: web-1, namespace: shop, uid: rs-1, annotations: {deployment.kubernetes.io/revision: "1"}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d-web, controller: true}]}
        spec:
          replicas: 0
          selector: {matchLabels: {app: web, pod-template-hash: "1"}}
          template:
            metadata: {labels: {app: web, pod-template-hash: "1"}}
            spec:
              containers:
              - {name: proxy, image: "proxy:1", resources: {limits: {memory: 256Mi}}}
              - {name: web, image: "web:1", env: [{name: PASSWORD, value: old-hunter2}], resources: {limits: {memory: 256Mi, cpu: 200m}}}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: web-2, namespace: shop, uid: rs-2, annotations: {deployment.kubernetes.io/revision: "2"}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d-web, controller: true}]}
        spec:
          replicas: 0
          selector: {matchLabels: {app: web, pod-template-hash: "2"}}
          template:
            metadata: {labels: {app: web, pod-template-hash: "2"}}
            spec:
              containers:
              - {name: proxy, image: "proxy:1", resources: {limits: {memory: 256Mi}}}
              - {name: web, image: "web:2", env: [{name: PASSWORD, value: new-hunter2}], resources: {limits: {memory: 256Mi, cpu: 200m}}}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: shop, uid: s-db, generation: 1}
        spec:
          replicas: 2
          serviceName: db
          selector: {matchLabels: {app: db}}
          template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: "db:2", resources: {limits: {memory: 1Gi}}}]}}
        ---
        apiVersion: apps/v1
        kind: ControllerRevision
        metadata: {name: db-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: s-db, controller: true}]}
        revision: 1
        data: {spec: {template: {$patch: replace, metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: "db:1", resources: {limits: {memory: 1Gi}}}]}}}}
        ---
        apiVersion: apps/v1
        kind: ControllerRevision
        metadata: {name: db-2, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: s-db, controller: true}]}
        revision: 2
        data: {spec: {template: {$patch: replace, metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: "db:2", resources: {limits: {memory: 1Gi}}}]}}}}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, namespace: shop, uid: s-agent, generation: 1}
        spec:
          selector: {matchLabels: {app: agent}}
          template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: agent, image: "agent:1"}]}}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: scraper, namespace: shop, uid: c-scraper, generation: 1}
        spec:
          schedule: "*/10 * * * *"
          suspend: false
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: OnFailure
                  containers: [{name: scraper, image: "scraper:1", resources: {limits: {memory: 256Mi}, requests: {memory: 128Mi}}}]
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: migrate, namespace: shop, uid: j-migrate, labels: {job-name: migrate, team: shop}}
        spec:
          backoffLimit: 1
          selector: {matchLabels: {batch.kubernetes.io/controller-uid: j-migrate}}
          template: {metadata: {labels: {job-name: migrate, team: shop}}, spec: {restartPolicy: Never, containers: [{name: migrate, image: "migrate:1"}]}}
        status: {failed: 2, conditions: [{type: Failed, status: "True", reason: BackoffLimitExceeded}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: single, namespace: shop, uid: p-single, labels: {app: single}}
        spec: {nodeName: node-2, containers: [{name: app, image: "app:1", env: [{name: PASSWORD, value: hunter2}]}]}
        status: {phase: Running, conditions: [{type: Ready, status: "True"}], containerStatuses: [{name: app, image: "app:1", imageID: x, ready: true, restartCount: 0, state: {running: {}}}]}
        ---
        apiVersion: v1
        kind: Event
        metadata: {name: single.1, namespace: shop}
        involvedObject: {kind: Pod, name: single, namespace: shop, uid: p-single}
        reason: BackOff
        message: "Back-off restarting failed container, token=ghp_0123456789abcdefghijABCDEFGHIJ456789"
        lastTimestamp: {{now-5m}}
        count: 3
        type: Warning
        """;

    public static readonly Subject WebSubject = new("Deployment", "shop", "web");

    /// <summary>Two nodes, and what a container uses.</summary>
    public static readonly Evidence[] Evidence =
    [
        Of(EvidenceKind.Node, new ObjectReference("Node", null, "node-1"), (FactNames.Architecture, "amd64"), (FactNames.AllocatableMemory, "16Gi"), (FactNames.AllocatableCpu, "8")),
        Of(EvidenceKind.Node, new ObjectReference("Node", null, "node-2"), (FactNames.Architecture, "arm64"), (FactNames.AllocatableMemory, "8Gi")),
        Of(EvidenceKind.Usage, new ObjectReference("Pod", "shop", "scraper-1", "scraper"), (FactNames.UsedMemory, "380Mi")),
    ];

    public static SuggestedAction Action(string kind, string target, params (string Name, string Value)[] parameters) => new(
        kind,
        target.Split('/') is [var type, var name] ? new ObjectReference(type, type == "Node" ? null : "shop", name) : throw new FormatException(target),
        parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal),
        ["e1"]);

    public static SuggestedAction Restart => Action("restart-workload", "Deployment/web");

    public static SuggestedAction MoreMemory => Action("increase-memory-limit", "Deployment/web", ("container", "web"), ("currentLimit", "256Mi"));

    public static SuggestedAction Evict => Action("delete-pod", "Pod/single");

    public static SuggestedAction MoreMemoryForScraper => Action("increase-memory-limit", "CronJob/scraper", ("container", "scraper"), ("currentLimit", "256Mi"));

    /// <summary>One of each action on each kind of object that it is for.</summary>
    public static readonly SuggestedAction[] Each =
    [
        MoreMemory,
        Action("increase-memory-limit", "StatefulSet/db", ("container", "db"), ("currentLimit", "1Gi")),
        MoreMemoryForScraper,
        Action("increase-cpu-limit", "Deployment/web", ("container", "web"), ("currentLimit", "200m")),
        Action("pin-architecture", "Deployment/web", ("architecture", "arm64")),
        Action("pin-architecture", "CronJob/scraper", ("architecture", "amd64")),
        Action("pin-architecture", "DaemonSet/agent", ("architecture", "amd64")),
        Action("roll-back-workload", "Deployment/web"),
        Action("roll-back-workload", "StatefulSet/db"),
        Restart,
        Action("restart-workload", "StatefulSet/db"),
        Action("restart-workload", "DaemonSet/agent"),
        Action("scale-workload", "Deployment/web", ("replicas", "5")),
        Evict,
        Action("rerun-job", "Job/migrate"),
        Action("delete-job", "Job/migrate"),
        Action("suspend-cronjob", "CronJob/scraper"),
        Action("cordon-node", "Node/node-2"),
        Action("uncordon-node", "Node/node-1"),
        Action("view-logs", "Pod/single", ("container", "app")),
        Action("view-previous-logs", "Pod/single", ("container", "app")),
        Action("view-events", "Pod/single"),
        Action("describe", "Pod/single"),
        Action("describe", "Deployment/web"),
    ];

    /// <summary>The path of an action's object.</summary>
    public static string PathOf(ObjectReference target) => target.Kind switch
    {
        "Deployment" or "StatefulSet" or "DaemonSet" => $"apis/apps/v1/namespaces/shop/{target.Kind.ToLowerInvariant()}s/{target.Name}",
        "CronJob" or "Job" => $"apis/batch/v1/namespaces/shop/{target.Kind.ToLowerInvariant()}s/{target.Name}",
        "Node" => $"api/v1/nodes/{target.Name}",
        _ => $"api/v1/namespaces/shop/pods/{target.Name}",
    };

    /// <summary>The subject of an incident about that object.</summary>
    public static Subject SubjectOf(ObjectReference target) => new(target.Kind, target.Namespace, target.Name);

    private static Evidence Of(EvidenceKind kind, ObjectReference source, params (string Name, string Value)[] facts) =>
        new("e1", kind, source, "", null, facts.ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal));
}
