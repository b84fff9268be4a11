using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>Answers whether somebody may do something.</summary>
internal static class AccessReviews
{
    private static readonly string[] Subjects = ["user", "groups"];
    private static readonly string[] Attributes = ["namespace", "verb", "group", "version", "resource", "subresource", "name"];

    /// <param name="type">Which review.</param>
    /// <param name="request">It asks for the caller's own rights, or for somebody's.</param>
    /// <param name="decide">Of a caller (null for the one that asks): the reason, or null for no.</param>
    /// <param name="now">When.</param>
    public static Answer Answer(ResourceType type, RecordedRequest request, Func<Caller?, Access, string?> decide, DateTimeOffset now)
    {
        if (Decode(type, request) is not { } review || review["spec"] is not JsonObject asked)
            return Status.BadRequest("the review has no spec") with { Unexpected = "the review has no spec" };
        if (asked["resourceAttributes"] is not JsonObject attributes)
            return Invalid(type, "spec.resourceAttributes", "this cluster answers reviews of resources only");
        var user = asked.Text("user") ?? "";
        if (type.Kind == "SubjectAccessReview" && user.Length == 0 && !asked.Texts("groups").Any())
            return Invalid(type, "spec.user", "at least one of user or group must be specified");

        var spec = new JsonObject { ["resourceAttributes"] = Known(attributes) };
        foreach (var field in Subjects.Where(asked.ContainsKey))
            spec[field] = asked[field]?.DeepClone();
        var who = type.Kind == "SubjectAccessReview" ? new Caller(user, [.. asked.Texts("groups")]) : null;
        var reason = decide(who, AccessOf(attributes));
        var status = new JsonObject { ["allowed"] = reason is not null };
        if (reason is { Length: > 0 })
            status["reason"] = reason;
        var answer = new JsonObject
        {
            ["kind"] = type.Kind,
            ["apiVersion"] = type.ApiVersion,
            ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
            ["spec"] = spec,
        };
        ManagedFields.Record(null, answer, new FieldManager(request.Header("User-Agent")?.Split('/', ' ')[0] ?? "unknown", "Update", type.ApiVersion, null), now);
        answer["status"] = status;
        return Traffic.Answer.Json(201, answer);
    }

    private static JsonObject? Decode(ResourceType type, RecordedRequest request)
    {
        if (type.Kind == "SelfSubjectAccessReview" && request.Header("Content-Type") == ProtobufReview.MediaType)
            return ProtobufReview.Read(request.Content.Span);
        try
        {
            return JsonNode.Parse(request.Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Answer Invalid(ResourceType type, string field, string why) =>
        Status.Invalid(type, "", InvalidField.Value(field, "", why)) with { Unexpected = why };

    private static JsonObject Known(JsonObject attributes) => new(Attributes
        .Where(field => attributes.Text(field) is { Length: > 0 })
        .Select(field => KeyValuePair.Create(field, attributes[field]?.DeepClone())));

    private static Access AccessOf(JsonObject attributes) => new(
        attributes.Text("verb") ?? "",
        attributes.Text("group") ?? "",
        attributes.Text("subresource") is { Length: > 0 } subresource ? $"{attributes.Text("resource")}/{subresource}" : attributes.Text("resource") ?? "",
        attributes.Text("namespace") is { Length: > 0 } ns ? ns : null,
        attributes.Text("name") is { Length: > 0 } name ? name : null);
}
