using System.Net;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Resilience;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AlertResponder.Remediation.Cluster;

/// <summary>
/// The objects of the cluster, whole, as JSON: a typed model would leave out of a diff what it does not know. All that remediation asks of the
/// cluster goes through here, and so through the upstream's pipeline.
/// </summary>
internal sealed class ClusterObjects(IKubernetes? api, Upstream upstream)
{
    /// <summary>Who owns the fields that are changed.</summary>
    public const string FieldManager = "alert-responder";

    private const string DryRun = "All";
    private const int MostListed = 250;
    private static readonly TimeSpan LogTimeout = TimeSpan.FromSeconds(10);

    public bool Exists => api is not null;

    /// <summary>The object; null when there is none.</summary>
    public async Task<JsonObject?> ReadAsync(ObjectReference target, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync((client, token) => ReadAsync(client, target, token), cancellationToken);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Changes an object.</summary>
    /// <param name="target">A workload or a node.</param>
    /// <param name="patch">Operations of RFC 6902.</param>
    /// <param name="dryRun">Whether to keep nothing of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The object as it is, or would be.</returns>
    public Task<JsonObject> PatchAsync(ObjectReference target, JsonArray patch, bool dryRun, CancellationToken cancellationToken)
    {
        var type = ObjectType.Of(target);
        var body = new V1Patch(patch.ToJsonString(), V1Patch.PatchType.JsonPatch);
        return CallAsync(
            async (client, token) => type.Kind == "Node"
                ? Json(await client.CoreV1.PatchNodeAsync(body, target.Name, dryRun: dryRun ? DryRun : null, fieldManager: FieldManager, cancellationToken: token))
                : await client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonObject>(
                    body, type.Group, type.Version, target.Namespace, type.Plural, target.Name,
                    dryRun: dryRun ? DryRun : null, fieldManager: FieldManager, cancellationToken: token),
            cancellationToken);
    }

    /// <summary>The first page of the objects of a kind in a namespace.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string kind, string @namespace, CancellationToken cancellationToken)
    {
        var type = ObjectType.Of(kind);
        var page = await CallAsync(
            (client, token) => client.CustomObjects.ListNamespacedCustomObjectAsync<JsonObject>(
                type.Group, type.Version, @namespace, type.Plural, limit: MostListed, cancellationToken: token),
            cancellationToken);
        return [.. page.ObjectsAt("/items")];
    }

    public Task<JsonObject> CreateJobAsync(JsonObject job, string @namespace, bool dryRun, CancellationToken cancellationToken)
    {
        var type = ObjectType.Of("Job");
        return CallAsync(
            (client, token) => client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonObject>(
                job, type.Group, type.Version, @namespace, type.Plural,
                dryRun: dryRun ? DryRun : null, fieldManager: FieldManager, cancellationToken: token),
            cancellationToken);
    }

    /// <summary>Deletes a Job with its pods if it is still the one with this uid.</summary>
    public Task DeleteJobAsync(ObjectReference job, string uid, bool dryRun, CancellationToken cancellationToken) => CallAsync(
        (client, token) => client.BatchV1.DeleteNamespacedJobAsync(
            job.Name,
            job.Namespace,
            new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid }, PropagationPolicy = "Background", DryRun = dryRun ? [DryRun] : null },
            cancellationToken: token),
        cancellationToken);

    /// <summary>Asks for the end of a pod if it is still the one with this uid, and if its disruption budgets allow it.</summary>
    public Task EvictAsync(ObjectReference pod, string uid, bool dryRun, CancellationToken cancellationToken) => CallAsync(
        (client, token) => client.CoreV1.CreateNamespacedPodEvictionAsync(
            new V1Eviction
            {
                Metadata = new V1ObjectMeta { Name = pod.Name, NamespaceProperty = pod.Namespace },
                DeleteOptions = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } },
            },
            pod.Name,
            pod.Namespace,
            dryRun: dryRun ? DryRun : null,
            cancellationToken: token),
        cancellationToken);

    /// <summary>The end of a container's log.</summary>
    public Task<string> LogAsync(ObjectReference pod, string? container, bool previous, int lines, int bytes, CancellationToken cancellationToken) => CallAsync(
        async (client, token) =>
        {
            await using var stream = await client.CoreV1.ReadNamespacedPodLogAsync(
                pod.Name, pod.Namespace, container: container, limitBytes: bytes, previous: previous, tailLines: lines, cancellationToken: token);
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync(token);
        },
        cancellationToken,
        LogTimeout);

    /// <summary>The events about an object; those of objects without a namespace are in <c>default</c>.</summary>
    public async Task<IReadOnlyList<Corev1Event>> EventsAsync(ObjectReference target, CancellationToken cancellationToken)
    {
        var page = await CallAsync(
            (client, token) => client.CoreV1.ListNamespacedEventAsync(
                target.Namespace ?? "default",
                fieldSelector: $"involvedObject.kind={target.Kind},involvedObject.name={target.Name}",
                limit: MostListed,
                cancellationToken: token),
            cancellationToken);
        return [.. page.Items];
    }

    /// <summary>Whether we may.</summary>
    public async Task<bool> MayAsync(ActionPermission permission, ObjectReference target, CancellationToken cancellationToken)
    {
        var review = new V1SelfSubjectAccessReview { Spec = new V1SelfSubjectAccessReviewSpec { ResourceAttributes = Attributes(permission, target) } };
        var answer = await CallAsync(
            (client, token) => client.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(review, cancellationToken: token), cancellationToken);
        return answer.Status.Allowed;
    }

    /// <summary>Whether somebody else may.</summary>
    public async Task<bool> MayAsync(string user, IEnumerable<string> groups, ActionPermission permission, ObjectReference target, CancellationToken cancellationToken)
    {
        var review = new V1SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec { User = user, Groups = [.. groups], ResourceAttributes = Attributes(permission, target) },
        };
        var answer = await CallAsync(
            (client, token) => client.AuthorizationV1.CreateSubjectAccessReviewAsync(review, cancellationToken: token), cancellationToken);
        return answer.Status.Allowed;
    }

    // A list has no one object; what is created has no name yet.
    private static V1ResourceAttributes Attributes(ActionPermission permission, ObjectReference target)
    {
        var parts = permission.Resource.Split('/');
        return new V1ResourceAttributes
        {
            Group = permission.Group,
            Resource = parts[0],
            Subresource = parts.ElementAtOrDefault(1),
            Verb = permission.Verb,
            NamespaceProperty = permission.ClusterScoped ? null : target.Namespace ?? "default",
            Name = permission.Verb is "list" || (permission.Verb is "create" && parts.Length == 1) || ObjectType.Of(target).Plural != parts[0] ? null : target.Name,
        };
    }

    private static async Task<JsonObject> ReadAsync(IKubernetes client, ObjectReference target, CancellationToken token) => target.Kind switch
    {
        "Pod" => Json(await client.CoreV1.ReadNamespacedPodAsync(target.Name, target.Namespace, cancellationToken: token)),
        "Node" => Json(await client.CoreV1.ReadNodeAsync(target.Name, cancellationToken: token)),
        "PersistentVolumeClaim" => Json(await client.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(target.Name, target.Namespace, cancellationToken: token)),
        _ => await ReadOfGroupAsync(client, ObjectType.Of(target), target, token),
    };

    private static Task<JsonObject> ReadOfGroupAsync(IKubernetes client, ObjectType type, ObjectReference target, CancellationToken token) =>
        client.CustomObjects.GetNamespacedCustomObjectAsync<JsonObject>(
            type.Group, type.Version, target.Namespace, type.Plural, target.Name, cancellationToken: token);

    private static JsonObject Json(object item) => (JsonObject)JsonNode.Parse(KubernetesJson.Serialize(item))!;

    private Task<T> CallAsync<T>(Func<IKubernetes, CancellationToken, Task<T>> call, CancellationToken cancellationToken, TimeSpan? tryTimeout = null) =>
        upstream.CallAsync(token => call(api ?? throw new InvalidOperationException("No cluster is configured."), token), cancellationToken, tryTimeout);
}
