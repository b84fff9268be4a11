using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster.Api;

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

    public static Answer UnsupportedMediaType() => Failure(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);

    /// <summary>The resource version that the caller read is not the present one.</summary>
    public static Answer Modified(ResourceType type, string name) => Conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try again");

    public static Answer Conflict(ResourceType type, string name, string why) => Failure(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {type.QualifiedPlural} \"{name}\": {why}",
        Details(name, type.Group, type.Plural));

    public static Answer AlreadyExists(ResourceType type, string name) => Failure(
        409,
        "AlreadyExists",
        $"{type.QualifiedPlural} \"{name}\" already exists",
        Details(name, type.Group, type.Plural));

    /// <summary>A precondition of a deletion; the API server names the kind here, not the resource.</summary>
    public static Answer PreconditionFailed(ResourceType type, string name, string what, string expected, string actual) => Failure(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {type.QualifiedKind} \"{name}\": the {what} in the precondition ({expected}) does not match "
            + $"the {what} in record ({actual}). The object might have been deleted and then recreated",
        Details(name, type.Group, type.Kind));

    public static Answer Invalid(ResourceType type, string name, params IReadOnlyList<InvalidField> fields)
    {
        var details = Details(name, type.Group, type.Kind);
        details["causes"] = Causes(fields);
        var texts = fields.Select(field => $"{field.Path}: {field.Message}").Distinct(StringComparer.Ordinal).ToList();
        var all = texts is [var only] ? only : $"[{string.Join(", ", texts)}]";
        return Failure(422, "Invalid", $"{type.QualifiedKind} \"{name}\" is invalid: {all}", details);
    }

    /// <summary>The patched object could not be read; the API server then has no name to say.</summary>
    public static Answer InvalidPatch(string patch, string why)
    {
        var field = InvalidField.Value("patch", patch, why);
        return Failure(422, "Invalid", $" \"\" is invalid: patch: {field.Message}", new JsonObject { ["causes"] = Causes([field]) });
    }

    /// <summary>A budget would be exceeded by an eviction: a refusal, though it has the status of throttling.</summary>
    public static Answer DisruptionBudget(string cause, int? retryAfterSeconds = null)
    {
        var details = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = cause }) };
        if (retryAfterSeconds is not null)
            details["retryAfterSeconds"] = retryAfterSeconds;
        var answer = Failure(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", details);
        return retryAfterSeconds is null
            ? answer
            : answer with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Retry-After"] = $"{retryAfterSeconds}" } };
    }

    public static Answer Success(int code, JsonObject? details = null)
    {
        var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success" };
        if (details is null)
            status["code"] = code;
        else
            status["details"] = details;
        return Answer.Json(code, status);
    }

    /// <summary>The object is gone.</summary>
    public static Answer Deleted(ResourceType type, JsonObject item)
    {
        var details = Details(item.Name(), type.Group, type.Plural);
        details["uid"] = item.Uid();
        return Success(200, details);
    }

    private static JsonArray Causes(IReadOnlyList<InvalidField> fields) =>
        [.. fields.Select(field => new JsonObject { ["reason"] = field.Reason, ["message"] = field.Message, ["field"] = field.Path })];

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

/// <summary>What is wrong with one field.</summary>
/// <param name="Path">For instance <c>spec.replicas</c>.</param>
/// <param name="Reason">Of Kubernetes' causes.</param>
/// <param name="Message">For people.</param>
internal sealed record InvalidField(string Path, string Reason, string Message)
{
    public static InvalidField Value(string path, string value, string why) =>
        new(path, "FieldValueInvalid", $"Invalid value: {Quote(value)}: {why}");

    public static InvalidField Number(string path, int value, string why) => new(path, "FieldValueInvalid", $"Invalid value: {value}: {why}");

    public static InvalidField Required(string path) => new(path, "FieldValueRequired", "Required value");

    public static InvalidField Forbidden(string path, string why) => new(path, "FieldValueForbidden", $"Forbidden: {why}");

    private static string Quote(string text) => JsonValue.Create(text)!.ToJsonString(JsonText.Options);
}
