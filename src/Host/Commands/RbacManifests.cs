using System.Text;
using AlertResponder.Remediation;

namespace AlertResponder.Host.Commands;

/// <summary>What the manifests are made for.</summary>
/// <param name="Account">The service account, <c>namespace/name</c>.</param>
/// <param name="Namespaces">Those that are opted in.</param>
/// <param name="Actions">By their names in the catalogue.</param>
/// <param name="Nodes">Whether nodes are opted in, too.</param>
/// <param name="MappedUsers">Whether approvers are mapped to Kubernetes users, whose rights are asked.</param>
internal sealed record RbacScope(
    (string Namespace, string Name) Account, IReadOnlyList<string> Namespaces, IReadOnlyList<string> Actions, bool Nodes = false, bool MappedUsers = false);

/// <summary>The rights that remediation needs for some actions, as manifests: no verb more. Pure.</summary>
internal static class RbacManifests
{
    private const string Group = "rbac.authorization.k8s.io";
    private const string RoleName = "alert-responder-remediation";

    // Where the events of nodes are.
    private const string NodeEvents = "default";

    private static readonly ActionPermission AskForOthers = new("authorization.k8s.io", "subjectaccessreviews", "create", ClusterScoped: true);

    /// <summary>The documents, with what they are for in a comment at the top.</summary>
    public static string Write(RbacScope scope)
    {
        var actions = scope.Actions.Where(action => scope.Nodes || !IsForNodesAlone(action)).Order(StringComparer.Ordinal).ToList();
        var needed = actions.SelectMany(action => ActionPermissions.ByAction[action]).Distinct().ToList();
        var ofNodes = scope.Nodes ? actions.SelectMany(action => ActionPermissions.OfNodes.GetValueOrDefault(action, [])).Distinct().ToList() : [];
        ActionPermission[] everywhere = [.. ofNodes.Where(permission => permission.ClusterScoped), .. scope.MappedUsers ? [AskForOthers] : Array.Empty<ActionPermission>()];
        var inNamespaces = scope.Namespaces.Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, _ => needed.Where(permission => !permission.ClusterScoped).ToList(), StringComparer.Ordinal);
        if (ofNodes.Where(permission => !permission.ClusterScoped).ToList() is { Count: > 0 } events)
        {
            inNamespaces[NodeEvents] = [.. inNamespaces.GetValueOrDefault(NodeEvents, []).Union(events)];
        }

        List<string> documents =
        [
            Document("v1", "ServiceAccount", scope.Account.Name, scope.Account.Namespace),
            .. inNamespaces.Where(one => one.Value.Count > 0).OrderBy(one => one.Key, StringComparer.Ordinal).SelectMany(one => Granted("", one.Key, one.Value, scope.Account)),
            .. everywhere.Length == 0 ? [] : Granted("Cluster", null, everywhere, scope.Account),
        ];
        return $"""
            # What remediation may do in the cluster, and nothing else: no Secrets, no wildcards. Made by the command rbac.
            # Actions: {string.Join(", ", actions)}

            """ + string.Join("---\n", documents);
    }

    private static bool IsForNodesAlone(string action) =>
        ActionPermissions.ByAction[action] is { Count: > 0 } needed && needed.All(permission => permission.ClusterScoped);

    private static IEnumerable<string> Granted(string scope, string? @namespace, IEnumerable<ActionPermission> permissions, (string Namespace, string Name) account)
    {
        yield return Document($"{Group}/v1", $"{scope}Role", RoleName, @namespace) + Rules(permissions);
        yield return Document($"{Group}/v1", $"{scope}RoleBinding", RoleName, @namespace) + $"""
            roleRef:
              apiGroup: {Group}
              kind: {scope}Role
              name: {RoleName}
            subjects:
              - kind: ServiceAccount
                name: {account.Name}
                namespace: {account.Namespace}

            """;
    }

    private static string Document(string version, string kind, string name, string? @namespace) => $"""
        apiVersion: {version}
        kind: {kind}
        metadata:
          name: {name}

        """ + (@namespace is null ? "" : $"  namespace: {@namespace}\n");

    // Resources with the same verbs share a rule.
    private static string Rules(IEnumerable<ActionPermission> permissions)
    {
        var text = new StringBuilder("rules:\n");
        var rules = permissions.GroupBy(permission => (permission.Group, permission.Resource))
            .Select(resource => (resource.Key.Group, resource.Key.Resource, Verbs: string.Join(", ", resource.Select(permission => permission.Verb).Distinct().Order(StringComparer.Ordinal))))
            .GroupBy(resource => (resource.Group, resource.Verbs))
            .OrderBy(rule => rule.Key.Group, StringComparer.Ordinal).ThenBy(rule => rule.Key.Verbs, StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            text.Append("  - apiGroups: [").Append(rule.Key.Group.Length == 0 ? "\"\"" : rule.Key.Group).Append("]\n")
                .Append("    resources: [").AppendJoin(", ", rule.Select(resource => resource.Resource).Order(StringComparer.Ordinal)).Append("]\n")
                .Append("    verbs: [").Append(rule.Key.Verbs).Append("]\n");
        }

        return text.ToString();
    }
}
