using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>What an API server tells of itself: versions, groups and resources.</summary>
internal static class Discovery
{
    public static Answer Version() => Answer.Json(200, new JsonObject
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = "v1.32.4+k3s1",
        ["gitCommit"] = "0000000000000000000000000000000000000000",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2025-05-05T00:00:00Z",
        ["goVersion"] = "go1.23.6",
        ["compiler"] = "gc",
        ["platform"] = "linux/amd64",
    });

    public static Answer CoreVersions(Uri address) => Answer.Json(200, new JsonObject
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(
            new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = address.Authority }),
    });

    public static Answer Groups(IReadOnlyList<ResourceType> types) => Answer.Json(200, new JsonObject
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. ByGroup(types).Select(Group)]),
    });

    /// <summary>Null when the group isn't served.</summary>
    public static Answer? OneGroup(IReadOnlyList<ResourceType> types, string name)
    {
        if (ByGroup(types).FirstOrDefault(group => group.Key == name) is not { } group)
            return null;
        var body = Group(group);
        body["kind"] = "APIGroup";
        body["apiVersion"] = "v1";
        return Answer.Json(200, body);
    }

    /// <summary>Null when the version isn't served.</summary>
    public static Answer? Resources(IReadOnlyList<ResourceType> types, string group, string version)
    {
        var served = types.Where(type => type.Group == group && type.Version == version).ToList();
        return served.Count == 0 ? null : Answer.Json(200, new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = served[0].ApiVersion,
            ["resources"] = new JsonArray([.. served.SelectMany(Resource)]),
        });
    }

    /// <summary>Without the core group, which discovery lists apart.</summary>
    private static IEnumerable<IGrouping<string, ResourceType>> ByGroup(IReadOnlyList<ResourceType> types) =>
        types.Where(type => type.Group.Length > 0).GroupBy(type => type.Group, StringComparer.Ordinal);

    private static JsonObject Group(IGrouping<string, ResourceType> group)
    {
        var versions = group.Select(type => type.Version)
            .Distinct(StringComparer.Ordinal)
            .Select(version => GroupVersion(group.Key, version))
            .ToArray();
        return new JsonObject
        {
            ["name"] = group.Key,
            ["versions"] = new JsonArray([.. versions]),
            ["preferredVersion"] = versions[0].DeepClone(),
        };
    }

    private static JsonObject GroupVersion(string group, string version) =>
        new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };

    private static IEnumerable<JsonNode> Resource(ResourceType type)
    {
        if (type.IsReview)
        {
            yield return Resource(type, type.Plural, type.Kind, "create");
            yield break;
        }

        yield return Resource(type, type.Plural, type.Kind, "create", "delete", "get", "list", "patch", "update", "watch");
        if (type.HasStatus)
            yield return Resource(type, $"{type.Plural}/status", type.Kind, "get", "patch", "update");
        if (type.Kind == "Pod")
        {
            yield return Resource(type, "pods/log", type.Kind, "get");
            // kubectl drain looks here for whether it can evict, and by which version.
            var eviction = Resource(type, "pods/eviction", "Eviction", "create");
            eviction["group"] = "policy";
            eviction["version"] = "v1";
            yield return eviction;
        }

        if (type.Scales)
        {
            var scale = Resource(type, $"{type.Plural}/scale", "Scale", "get", "patch", "update");
            scale["group"] = "autoscaling";
            scale["version"] = "v1";
            yield return scale;
        }
    }

    private static JsonObject Resource(ResourceType type, string name, string kind, params string[] verbs)
    {
        var resource = new JsonObject
        {
            ["name"] = name,
            ["singularName"] = name == type.Plural ? type.Kind.ToLowerInvariant() : "",
            ["namespaced"] = type.Namespaced,
            ["kind"] = kind,
            ["verbs"] = new JsonArray([.. verbs]),
        };
        if (name == type.Plural && type.ShortNames.Length > 0)
            resource["shortNames"] = new JsonArray([.. type.ShortNames]);
        return resource;
    }
}
