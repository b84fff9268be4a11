using System.Collections.Concurrent;
using System.Net;
using AlertResponder.Host.Commands;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AlertResponder.Host.Doctor;

/// <summary>Whether the cluster answers, what enrichment may read there, and whether there are metrics.</summary>
internal static class ClusterCheck
{
    private const string Subject = "Kubernetes";
    private const string MetricsGroup = "metrics.k8s.io";
    private const int QuestionsAtOnce = 8;

    /// <param name="api">Null without a cluster.</param>
    public static Check Of(IKubernetes? api) => new(
        Subject,
        "See that `kubectl get --raw /version` works with the same KUBECONFIG",
        cancellationToken => ExamineAsync(api, cancellationToken));

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(IKubernetes? api, CancellationToken cancellationToken)
    {
        if (api is null)
        {
            return [Finding.Note(Subject, "There is no kubeconfig: messages are drawn from the alert alone. Set KUBECONFIG.")];
        }

        var where = api.BaseUri.GetLeftPart(UriPartial.Authority);
        try
        {
            var version = await api.Version.GetCodeAsync(cancellationToken);
            return
            [
                Finding.Ok(Subject, $"{ForeignLine.Of(version.GitVersion)} at {where}"),
                .. await PermissionsAsync(api, cancellationToken),
                await MetricsAsync(api, cancellationToken),
            ];
        }
        catch (HttpOperationException e) when (e.Response?.StatusCode is HttpStatusCode.Unauthorized)
        {
            return [Finding.Fail(Subject, $"{where} does not know the caller (401)", $"Renew the credentials in the kubeconfig: kubectl -n alert-responder create token alert-responder-enrichment, after kubectl apply -f {Permission.ManifestPath}")];
        }
        catch (HttpRequestException e)
        {
            return [Finding.Fail(Subject, $"{where} does not answer ({ForeignLine.Of(e.GetBaseException().Message).TrimEnd('.')})", "See that `kubectl get --raw /version` works with the same KUBECONFIG")];
        }
    }

    private static async Task<IReadOnlyList<Finding>> PermissionsAsync(IKubernetes api, CancellationToken cancellationToken)
    {
        var missing = new ConcurrentBag<Permission>();
        await Parallel.ForEachAsync(
            Permission.OfEnrichment,
            new ParallelOptions { MaxDegreeOfParallelism = QuestionsAtOnce, CancellationToken = cancellationToken },
            async (permission, token) =>
            {
                if (!await MayAsync(api, permission, token))
                {
                    missing.Add(permission);
                }
            });
        if (missing.IsEmpty)
        {
            return [Finding.Ok("permissions", $"all {Permission.OfEnrichment.Count} that enrichment needs ({Permission.ManifestPath})")];
        }

        // In the manifest's order, a line for each resource.
        return
        [
            .. Permission.OfEnrichment.Where(missing.Contains)
                .GroupBy(permission => (permission.Group, permission.Resource))
                .Select(denied => Finding.Fail(
                    "permissions",
                    $"may not {string.Join(", ", denied.Select(permission => permission.Verb))} {Name(denied.Key.Group, denied.Key.Resource)}, so this is missing in messages",
                    $"kubectl apply -f {Permission.ManifestPath}, and run as its service account")),
        ];
    }

    private static async Task<bool> MayAsync(IKubernetes api, Permission permission, CancellationToken cancellationToken)
    {
        var parts = permission.Resource.Split('/');
        var review = new V1SelfSubjectAccessReview
        {
            Spec = new V1SelfSubjectAccessReviewSpec
            {
                ResourceAttributes = new V1ResourceAttributes
                {
                    Group = permission.Group,
                    Resource = parts[0],
                    Subresource = parts.ElementAtOrDefault(1),
                    Verb = permission.Verb,
                },
            },
        };
        var answer = await api.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(review, cancellationToken: cancellationToken);
        return answer.Status.Allowed;
    }

    private static async Task<Finding> MetricsAsync(IKubernetes api, CancellationToken cancellationToken)
    {
        try
        {
            await api.CustomObjects.ListClusterCustomObjectAsync(MetricsGroup, "v1beta1", "nodes", limit: 1, cancellationToken: cancellationToken);
            return Finding.Ok("metrics", $"{MetricsGroup} answers");
        }
        catch (HttpOperationException e)
        {
            return Finding.Note("metrics", $"{MetricsGroup} answers {(int?)e.Response?.StatusCode}: messages come without resource use. It comes with metrics-server.");
        }
    }

    private static string Name(string group, string resource) => group.Length == 0 ? resource : $"{resource}.{group}";
}
