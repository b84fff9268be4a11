using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>Somebody whose rights are asked.</summary>
/// <param name="Name">For a service account <c>system:serviceaccount:namespace:name</c>.</param>
/// <param name="Groups">Without those that everybody of a kind is in.</param>
internal sealed record Caller(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>With those that the API server adds.</summary>
    public IEnumerable<string> AllGroups
    {
        get
        {
            var own = Groups.Append("system:authenticated");
            return ServiceAccount is var (ns, _) ? own.Concat(["system:serviceaccounts", $"system:serviceaccounts:{ns}"]) : own;
        }
    }

    public (string Namespace, string Name)? ServiceAccount =>
        Name.Split(':') is ["system", "serviceaccount", var ns, var name] ? (ns, name) : null;
}

/// <summary>What somebody wants to do.</summary>
/// <param name="Verb">For instance <c>patch</c>.</param>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Resource">The plural, with the subresource behind a slash.</param>
/// <param name="Namespace">Null for cluster-scoped kinds and for all namespaces.</param>
/// <param name="Name">Null for a collection.</param>
internal sealed record Access(string Verb, string Group, string Resource, string? Namespace, string? Name);

/// <summary>Role-based access control, by the roles and bindings in the store.</summary>
internal sealed class AccessRules(ObjectStore store)
{
    private const string Masters = "system:masters";

    /// <summary>Whether anybody has been given any rights.</summary>
    public bool HasBindings => store.All("ClusterRoleBinding").Count + store.All("RoleBinding").Count > 0;

    /// <summary>Which rule allows it, in the API server's words; empty when none is needed, null when none does.</summary>
    public string? Reason(Caller caller, Access access)
    {
        if (caller.Groups.Contains(Masters, StringComparer.Ordinal))
            return "";
        // What everybody may who is known: ask for one's own rights.
        if (access is { Group: "authorization.k8s.io", Resource: "selfsubjectaccessreviews", Verb: "create" })
            return "RBAC: allowed by ClusterRoleBinding \"system:basic-user\" of ClusterRole \"system:basic-user\" to Group \"system:authenticated\"";
        var bindings = store.All("ClusterRoleBinding");
        return bindings.Concat(access.Namespace is { Length: > 0 } ns ? store.All("RoleBinding", ns) : [])
            .Select(binding => ReasonOf(binding, caller, access))
            .FirstOrDefault(reason => reason is not null);
    }

    private string? ReasonOf(JsonObject binding, Caller caller, Access access)
    {
        if (binding.Objects("subjects").Select(subject => Describe(subject, caller)).FirstOrDefault(subject => subject is not null) is not { } subject)
            return null;
        var (kind, name, ns) = (binding.Text("roleRef", "kind") ?? "", binding.Text("roleRef", "name") ?? "", binding.Namespace());
        var role = store.Find(kind == "Role" ? "Role" : "ClusterRole", kind == "Role" ? ns : null, name);
        return role.Objects("rules").Any(rule => Allows(rule, access))
            ? $"RBAC: allowed by {binding.Text("kind")} \"{binding.Name()}{(ns is null ? "" : $"/{ns}")}\" of {kind} \"{name}\" to {subject}"
            : null;
    }

    private static string? Describe(JsonObject subject, Caller caller)
    {
        var (name, ns) = (subject.Text("name") ?? "", subject.Text("namespace") ?? "");
        return subject.Text("kind") switch
        {
            "User" when name == caller.Name => $"User \"{name}\"",
            "Group" when caller.AllGroups.Contains(name, StringComparer.Ordinal) => $"Group \"{name}\"",
            "ServiceAccount" when caller.ServiceAccount == (ns, name) => $"ServiceAccount \"{name}/{ns}\"",
            _ => null,
        };
    }

    private static bool Allows(JsonObject rule, Access access) =>
        Has(rule, "verbs", access.Verb)
        && Has(rule, "apiGroups", access.Group)
        && (Has(rule, "resources", access.Resource)
            || (access.Resource.Split('/') is [_, var subresource] && rule.Texts("resources").Contains($"*/{subresource}", StringComparer.Ordinal)))
        && (!rule.Texts("resourceNames").Any() || rule.Texts("resourceNames").Contains(access.Name, StringComparer.Ordinal));

    private static bool Has(JsonObject rule, string list, string value) => rule.Texts(list).Any(entry => entry == "*" || entry == value);
}
