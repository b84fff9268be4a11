using AlertResponder.Remediation;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AlertResponder.Host.Doctor;

/// <summary>What is opted in, who may approve, and which actions the service account could carry out.</summary>
internal static class RemediationCheck
{
    private const string Subject = "remediation";
    private const int QuestionsAtOnce = 8;

    /// <param name="api">Null without a cluster.</param>
    /// <param name="options">The section <c>Remediation</c>.</param>
    public static Check Of(IKubernetes? api, RemediationOptions options) => new(
        Subject,
        "See that `kubectl auth can-i --list` works with the same KUBECONFIG",
        cancellationToken => ExamineAsync(api, options, cancellationToken));

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(IKubernetes? api, RemediationOptions options, CancellationToken cancellationToken)
    {
        if (!options.Enabled)
        {
            return [Finding.Note(Subject, "It is off: nothing is proposed. Set Remediation:Enabled and list namespaces in Remediation:Namespaces.")];
        }

        if (api is null)
        {
            return [Finding.Fail(Subject, "It is on, but there is no cluster", "Set KUBECONFIG")];
        }

        List<Finding> findings = [];
        if (options.Approvers.Count == 0)
        {
            findings.Add(Finding.Note(Subject, "Nobody may approve, so nothing can be executed. List Slack users or user groups in Remediation:Approvers."));
        }

        if (options.Namespaces.Count == 0 && !options.Nodes)
        {
            findings.Add(Finding.Note(Subject, "No namespace is opted in. List them in Remediation:Namespaces."));
        }

        foreach (var @namespace in options.Namespaces)
        {
            findings.Add(await ExamineAsync(api, @namespace, cancellationToken));
        }

        if (options.Nodes)
        {
            findings.Add(await ExamineAsync(api, @namespace: null, cancellationToken));
        }

        return findings;
    }

    private static async Task<Finding> ExamineAsync(IKubernetes api, string? @namespace, CancellationToken cancellationToken)
    {
        var where = @namespace ?? "nodes";
        var wanted = ActionPermissions.ByAction.ToDictionary(
            action => action.Key,
            action => action.Value.Where(permission => permission.ClusterScoped == (@namespace is null)).ToList(),
            StringComparer.Ordinal);
        var missing = new System.Collections.Concurrent.ConcurrentDictionary<ActionPermission, byte>();
        try
        {
            await Parallel.ForEachAsync(
                wanted.Values.SelectMany(permissions => permissions).Distinct(),
                new ParallelOptions { MaxDegreeOfParallelism = QuestionsAtOnce, CancellationToken = cancellationToken },
                async (permission, token) =>
                {
                    if (!await MayAsync(api, permission, @namespace, token))
                    {
                        missing[permission] = 0;
                    }
                });
        }
        catch (HttpOperationException e)
        {
            return Finding.Fail(Subject, $"the Kubernetes API does not say what we may do ({(int?)e.Response?.StatusCode})", "Renew the credentials in the kubeconfig");
        }

        var impossible = wanted.Where(action => action.Value.Exists(missing.ContainsKey)).ToList();
        return impossible.Count == 0
            ? Finding.Ok(Subject, $"{where}: all actions are possible")
            : Finding.Note(Subject, $"{where}: for lack of rights not, or not for all kinds, offered are {string.Join(", ", impossible.Select(action => $"{action.Key} ({string.Join(", ", action.Value.Where(missing.ContainsKey))})"))}");
    }

    private static async Task<bool> MayAsync(IKubernetes api, ActionPermission permission, string? @namespace, CancellationToken cancellationToken)
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
                    NamespaceProperty = @namespace,
                },
            },
        };
        return (await api.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(review, cancellationToken: cancellationToken)).Status.Allowed;
    }
}
