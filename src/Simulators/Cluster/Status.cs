using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster;

/// <summary>The API server's failures in its own words.</summary>
internal static class Status
{
    public static Answer NotFound(ResourceType type, string name) =>
        Failure(404, "NotFound", $"{type.QualifiedPlural} \"{name}\" not found", Details(name, type.Group, type.Plural));

    /// <summary>The API server has the group and version, but not the resource.</summary>
    public static Answer NoSuchResource() => Failure(404, "NotFound", "the server could not find the requested resource", []);

    /// <summary>What a kubelet that doesn't know the container makes the API server say.</summary>
    public static Answer NoSuchLog(string pod) =>
        Failure(404, "NotFound", $"the server could not find the requested resource ( pods/log {pod})", Details(pod, "", "pods/log"));

    /// <summary>Not a Status: the path leads nowhere, for instance into a group that isn't installed.</summary>
    public static Answer NoSuchPath() => Answer.Text(404, "404 page not found\n", "text/plain; charset=utf-8");

    public static Answer BadRequest(string message) => Failure(400, "BadRequest", message);

    public static Answer Unauthorized() => Failure(401, "Unauthorized", "Unauthorized");

    public static Answer MethodNotAllowed() =>
        Failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static Answer NotAcceptable() =>
        Failure(406, "NotAcceptable", "only the following media types are accepted: application/json");

    public static Answer InvalidLogOption(string pod, string field, string value, string rule)
    {
        var message = $"Invalid value: {value}: {rule}";
        return Failure(422, "Invalid", $"PodLogOptions \"{pod}\" is invalid: {field}: {message}", new JsonObject
        {
            ["name"] = pod,
            ["kind"] = "PodLogOptions",
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = message, ["field"] = field }),
        });
    }

    public static Answer Forbidden(string user, string verb, ResourceType type, string? subresource, string? ns, string? name)
    {
        var what = name is null ? $"{type.QualifiedPlural} is" : $"{type.QualifiedPlural} \"{name}\" is";
        var resource = subresource is null ? type.Plural : $"{type.Plural}/{subresource}";
        var where = ns is null ? "at the cluster scope" : $"in the namespace \"{ns}\"";
        return Failure(
            403,
            "Forbidden",
            $"{what} forbidden: User \"{user}\" cannot {verb} resource \"{resource}\" in API group \"{type.Group}\" {where}",
            Details(name, type.Group, type.Plural));
    }

    public static Answer Failure(int code, string reason, string message, JsonObject? details = null)
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
            ["reason"] = reason,
        };
        if (details is not null)
            status["details"] = details;
        status["code"] = code;
        return Answer.Json(code, status);
    }

    private static JsonObject Details(string? name, string group, string kind)
    {
        var details = new JsonObject();
        if (name is not null)
            details["name"] = name;
        if (group.Length > 0)
            details["group"] = group;
        details["kind"] = kind;
        return details;
    }
}
