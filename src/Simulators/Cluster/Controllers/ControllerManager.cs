using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Cluster.Controllers;

/// <summary>
/// What Kubernetes does after a write over HTTP, done at once: a rollout is over, and a Job has run, when the next request comes.
/// Objects of manifests are left as they are told.
/// </summary>
internal sealed class ControllerManager(ObjectStore store, PodMaker pods, TimeProvider time)
{
    private readonly DeploymentController _deployments = new(store, pods, time);
    private readonly JobController _jobs = new(store, pods, time);
    private readonly SetController _sets = new(store, pods);

    /// <summary>What a workload gets before it is kept for the first time.</summary>
    public void Prepare(ResourceType type, JsonObject item)
    {
        if (type.Kind == "Job")
            JobController.Prepare(item, store.NextNumber());
    }

    /// <param name="type">The kind.</param>
    /// <param name="before">Null for a new object.</param>
    /// <param name="after">As it is kept.</param>
    public void React(ResourceType type, JsonObject? before, JsonObject after)
    {
        switch (type.Kind)
        {
            case "Deployment":
                _deployments.Reconcile(before, after);
                break;
            case "ReplicaSet":
                ReplicaSets.Scale(store, pods, after, after.Number("spec", "replicas") ?? 1);
                break;
            case "StatefulSet" or "DaemonSet":
                _sets.Reconcile(after);
                break;
            case "Job" when before is null || (before.IsTrue("spec", "suspend") && !after.IsTrue("spec", "suspend")):
                _jobs.Run(after);
                break;
            case "Pod" when before is null:
                pods.Start(after);
                break;
        }
    }

    /// <summary>Removes an object and what it owns; what lost a pod gets another.</summary>
    public void Remove(ResourceType type, JsonObject item, bool isOrphaning)
    {
        var owner = Owners.Controller(store, item);
        RemoveWithDependents(type, item, isOrphaning);
        switch (owner?.Text("kind"))
        {
            case "ReplicaSet":
                ReplicaSets.Scale(store, pods, owner, owner.Number("spec", "replicas") ?? 1);
                if (Owners.Controller(store, owner) is { } deployment)
                    _deployments.Observe(deployment);
                break;
            case "Deployment":
                _deployments.Reconcile(null, owner);
                break;
            case "StatefulSet" or "DaemonSet":
                _sets.Reconcile(owner);
                break;
            case "Job":
                _jobs.Run(owner);
                break;
            case "CronJob":
                _jobs.Observe(owner);
                break;
        }
    }

    public string? RunCronJob(JsonObject cronJob) => _jobs.RunCronJob(cronJob, job => RemoveWithDependents(store.TypeOf("Job"), job, isOrphaning: false));

    private void RemoveWithDependents(ResourceType type, JsonObject item, bool isOrphaning)
    {
        store.Delete(type.Kind, item.Namespace(), item.Name());
        foreach (var (dependentType, dependent) in store.OwnedBy(item))
        {
            if (!isOrphaning)
            {
                RemoveWithDependents(dependentType, dependent, isOrphaning: false);
                continue;
            }

            var references = (JsonArray)dependent["metadata"]!["ownerReferences"]!;
            references.RemoveAll(reference => reference.Text("uid") == item.Uid());
            store.Save(dependentType, dependent);
        }
    }
}
