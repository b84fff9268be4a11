using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>What an API server insists on in the objects that it is sent.</summary>
internal static class ObjectRules
{
    private const string Immutable = "field is immutable";

    private static readonly string[] ContainerLists = ["initContainers", "containers"];
    private static readonly string[] ResourceLists = ["limits", "requests"];

    /// <summary>Whether all amounts of containers can be read as such.</summary>
    public static bool QuantitiesAreReadable(ResourceType type, JsonObject item) =>
        Containers(type, item).SelectMany(container => Amounts(container.Container)).All(amount => Quantity.Parse(amount) is not null);

    /// <summary>What is wrong with the object as it would be stored.</summary>
    public static IReadOnlyList<InvalidField> Check(ResourceType type, JsonObject? before, JsonObject after)
    {
        var problems = Containers(type, after).SelectMany(container => Requests(container.Path, container.Container)).ToList();
        if (before is null)
            problems.AddRange(Required(type, after));
        else
            problems.AddRange(Changed(type, before, after));
        if (after.Number("spec", "replicas") is < 0 and var replicas)
            problems.Add(InvalidField.Number("spec.replicas", replicas, "must be greater than or equal to 0"));
        return problems;
    }

    private static IEnumerable<(string Path, JsonObject Container)> Containers(ResourceType type, JsonObject item) =>
        type.PodSpec is not { } path
            ? []
            : ContainerLists.SelectMany(list => (item.At(path).At(list) as JsonArray ?? [])
                .Select((container, index) => ($"{string.Join('.', path)}.{list}[{index}]", container as JsonObject))
                .Where(entry => entry.Item2 is not null)
                .Select(entry => (entry.Item1, entry.Item2!)));

    private static IEnumerable<string> Amounts(JsonObject container) =>
        ResourceLists.SelectMany(list => container.At("resources", list) as JsonObject ?? []).Select(amount => amount.Value?.ToString() ?? "");

    private static IEnumerable<InvalidField> Requests(string path, JsonObject container) =>
        from request in container.At("resources", "requests") as JsonObject ?? []
        let limit = container.Text("resources", "limits", request.Key)
        where limit is not null && Quantity.Parse(request.Value!.ToString()) > Quantity.Parse(limit)
        select InvalidField.Value(
            $"{path}.resources.requests",
            request.Value!.ToString(),
            $"must be less than or equal to {request.Key} limit of {limit}");

    private static IEnumerable<InvalidField> Required(ResourceType type, JsonObject item)
    {
        if (type.PodSpec is not { } path)
            yield break;
        if (!item.At(path).Objects("containers").Any())
            yield return InvalidField.Required($"{string.Join('.', path)}.containers");
        foreach (var (place, container) in Containers(type, item))
        {
            if (container.Text("name") is null or "")
                yield return InvalidField.Required($"{place}.name");
            if (container.Text("image") is null or "")
                yield return InvalidField.Required($"{place}.image");
        }
    }

    private static IEnumerable<InvalidField> Changed(ResourceType type, JsonObject before, JsonObject after)
    {
        switch (type.Kind)
        {
            case "Deployment" or "ReplicaSet" or "DaemonSet" or "StatefulSet" when !Same(before, after, "spec", "selector"):
                yield return InvalidField.Value("spec.selector", GoText.Of(after.At("spec", "selector")), Immutable);
                break;
            case "Job" when !Same(before, after, "spec", "template"):
                yield return InvalidField.Value("spec.template", GoText.Of(after.At("spec", "template")), Immutable);
                break;
            case "Pod" when !JsonNode.DeepEquals(Unchangeable(before), Unchangeable(after)):
                yield return InvalidField.Forbidden(
                    "spec",
                    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                        + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)");
                break;
        }
    }

    private static bool Same(JsonObject before, JsonObject after, params ReadOnlySpan<string> path) =>
        JsonNode.DeepEquals(before.At(path), after.At(path));

    private static JsonObject Unchangeable(JsonObject pod)
    {
        var spec = (pod["spec"] as JsonObject ?? []).Copy();
        spec.Remove("activeDeadlineSeconds");
        spec.Remove("tolerations");
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
            container.Remove("image");
        return spec;
    }
}

/// <summary>Values as Go prints them into messages.</summary>
internal static class GoText
{
    public static string Of(JsonNode? node) => node switch
    {
        null => "<nil>",
        JsonObject map => $"map[{string.Join(' ', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Of(pair.Value)}"))}]",
        JsonArray list => $"[{string.Join(' ', list.Select(Of))}]",
        JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False =>
            value.ToString().ToLower(CultureInfo.InvariantCulture),
        _ => node.ToString(),
    };
}
