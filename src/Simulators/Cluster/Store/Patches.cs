using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>The kinds of patches that merge a document into an object.</summary>
internal static class Patches
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string ElementOrder = "$setElementOrder/";
    private const string DeleteFromList = "$deleteFromPrimitiveList/";

    /// <exception cref="RejectedException">400: it is no JSON.</exception>
    public static JsonNode? Decode(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException exception)
        {
            throw new RejectedException(Status.BadRequest($"error decoding patch: {exception.Message}") with { Unexpected = "the patch is no JSON" });
        }
    }

    /// <exception cref="RejectedException">400: it is no JSON object.</exception>
    public static JsonObject DecodeObject(string body) => Decode(body) as JsonObject
        ?? throw new RejectedException(Status.BadRequest(
            "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}") with
        {
            Unexpected = "the patch is no JSON object",
        });

    /// <summary>RFC 7396: null removes, lists are replaced.</summary>
    public static JsonObject Merge(JsonObject item, JsonObject patch)
    {
        var merged = item.Copy();
        foreach (var (field, value) in patch)
        {
            if (value is null)
                merged.Remove(field);
            else
                merged[field] = value is JsonObject change ? Merge(merged[field] as JsonObject ?? [], change) : value.DeepClone();
        }

        return merged;
    }

    /// <summary>Kubernetes' own: lists are merged by the keys of their items, and directives say what else is to happen.</summary>
    public static JsonObject StrategicMerge(JsonObject item, JsonObject patch)
    {
        if (patch.Text(Directive) == "replace")
            return Plain(patch);
        var merged = item.Copy();
        if (patch[RetainKeys] is JsonArray)
        {
            var retained = patch.Texts(RetainKeys).ToHashSet(StringComparer.Ordinal);
            foreach (var field in merged.Select(pair => pair.Key).Where(field => !retained.Contains(field)).ToList())
                merged.Remove(field);
        }

        foreach (var (field, value) in patch)
        {
            if (field.StartsWith(DeleteFromList, StringComparison.Ordinal))
                DeleteValues(merged, field[DeleteFromList.Length..], patch.Texts(field).ToHashSet(StringComparer.Ordinal));
            else if (!field.StartsWith('$'))
                MergeField(merged, field, value, patch[ElementOrder + field] as JsonArray);
        }

        return merged;
    }

    private static void MergeField(JsonObject merged, string field, JsonNode? value, JsonArray? order)
    {
        if (value is null || value.Text(Directive) == "delete")
            merged.Remove(field);
        else if (value is JsonObject change)
            merged[field] = StrategicMerge(merged[field] as JsonObject ?? [], change);
        else if (value is JsonArray list && field == "finalizers")
            merged[field] = Union(merged[field] as JsonArray ?? [], list);
        else if (value is JsonArray items && MergeKeys.Of(field, items, merged[field] as JsonArray) is { } key)
            merged[field] = MergeList(merged[field] as JsonArray ?? [], items, key, order);
        else
            merged[field] = value.DeepClone();
    }

    private static JsonArray MergeList(JsonArray present, JsonArray patch, string key, JsonArray? order)
    {
        var changes = patch.OfType<JsonObject>().ToList();
        var isReplaced = changes.Exists(change => change.Text(Directive) == "replace");
        var items = isReplaced ? [] : present.OfType<JsonObject>().Select(item => item.Copy()).ToList();
        foreach (var change in changes.Where(change => change.ContainsKey(key)))
        {
            var index = items.FindIndex(item => JsonNode.DeepEquals(item[key], change[key]));
            if (change.Text(Directive) == "delete")
            {
                if (index >= 0)
                    items.RemoveAt(index);
            }
            else if (index >= 0)
            {
                items[index] = StrategicMerge(items[index], change);
            }
            else
            {
                items.Add(StrategicMerge([], change));
            }
        }

        var places = order?.Select(place => place.Text(key)).ToList() ?? [];
        return [.. items.OrderBy(item => places.IndexOf(item.Text(key)) is >= 0 and var place ? place : int.MaxValue)];
    }

    private static JsonArray Union(JsonArray present, JsonArray added) =>
        [.. present.Concat(added).Select(item => item!.ToString()).Distinct(StringComparer.Ordinal).Select(text => JsonValue.Create(text))];

    private static void DeleteValues(JsonObject item, string field, HashSet<string> values)
    {
        if (item[field] is JsonArray list)
            item[field] = new JsonArray([.. list.Where(value => !values.Contains(value!.ToString())).Select(value => value!.DeepClone())]);
    }

    private static JsonObject Plain(JsonObject patch) =>
        new(patch.Where(pair => !pair.Key.StartsWith('$')).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
}
