using System.Text.Json.Nodes;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>By which field the items of a list are told apart when it is merged; lists without one are replaced as a whole.</summary>
internal static class MergeKeys
{
    /// <summary>Null for an atomic list.</summary>
    public static string? Of(string list, params ReadOnlySpan<JsonArray?> items) => list switch
    {
        "containers" or "initContainers" or "ephemeralContainers" or "env" or "volumes" or "imagePullSecrets" => "name",
        "volumeMounts" => "mountPath",
        "volumeDevices" => "devicePath",
        "hostAliases" => "ip",
        "conditions" => "type",
        "ownerReferences" => "uid",
        "taints" => "key",
        "topologySpreadConstraints" => "topologyKey",
        // A container's are told apart by another field than a Service's.
        "ports" => Has(items, "containerPort") ? "containerPort" : "port",
        _ => null,
    };

    private static bool Has(ReadOnlySpan<JsonArray?> lists, string field)
    {
        foreach (var list in lists)
        {
            if (list?.OfType<JsonObject>().Any(item => item.ContainsKey(field)) == true)
                return true;
        }

        return false;
    }
}
