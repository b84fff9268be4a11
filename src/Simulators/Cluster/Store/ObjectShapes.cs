using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>Objects that the API server makes out of those that it stores.</summary>
internal static class ObjectShapes
{
    private static readonly string[] IdentifyingFields = ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"];

    public static JsonObject List(ResourceType type, ListPage page) => new()
    {
        ["kind"] = $"{type.Kind}List",
        ["apiVersion"] = type.ApiVersion,
        ["metadata"] = ListMetadata(page),
        ["items"] = new JsonArray([.. page.Items.Select(item => Item(type, item))]),
    };

    public static JsonObject ListMetadata(ListPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = page.ResourceVersion.ToString(CultureInfo.InvariantCulture) };
        if (page.LastKey is not null)
            metadata["continue"] = ContinueToken.Write(page.ResourceVersion, page.LastKey);
        if (page.Remaining is { } remaining)
            metadata["remainingItemCount"] = remaining;
        return metadata;
    }

    public static JsonObject Scale(JsonObject workload)
    {
        var metadata = workload["metadata"]!.AsObject();
        var selected = workload["spec"]?["selector"]?["matchLabels"]?.AsObject() ?? [];
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = new JsonObject(IdentifyingFields.Select(field => KeyValuePair.Create(field, metadata[field]?.DeepClone()))),
            ["spec"] = new JsonObject { ["replicas"] = workload["spec"]?["replicas"]?.DeepClone() ?? 1 },
            ["status"] = new JsonObject
            {
                ["replicas"] = workload["status"]?["replicas"]?.DeepClone() ?? 0,
                ["selector"] = string.Join(',', selected.Select(label => $"{label.Key}={label.Value}")),
            },
        };
    }

    /// <summary>Kubernetes' own kinds don't repeat their type in a list; custom resources do.</summary>
    private static JsonObject Item(ResourceType type, JsonObject item)
    {
        if (type.BuiltIn)
        {
            item.Remove("kind");
            item.Remove("apiVersion");
        }

        return item;
    }
}
