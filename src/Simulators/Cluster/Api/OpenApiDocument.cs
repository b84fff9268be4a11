using System.Text;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>
/// An OpenAPI v2 document that says one thing: each kind can be patched with <c>dryRun</c>. Older versions of kubectl refuse
/// <c>--dry-run=server</c> without it, and take it as protobuf only. Field numbers: gnostic's OpenAPIv2.proto.
/// </summary>
internal static class OpenApiDocument
{
    private const string MediaType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /// <summary>Null for a client that does not take protobuf.</summary>
    public static Answer? For(RecordedRequest request, IEnumerable<ResourceType> types) =>
        request.Headers.TryGetValue("Accept", out var accept) && accept.ToString().Contains(MediaType, StringComparison.Ordinal)
            // Not the media type that it was asked for: Go's own parser refuses the @ in it.
            ? new Answer(200, "application/octet-stream", Document(types))
            : null;

    private static byte[] Document(IEnumerable<ResourceType> types) =>
    [
        .. Text(1, "2.0"),
        .. Message(8, [.. types.SelectMany(type => Message(2, PathOf(type)))]),
    ];

    private static byte[] PathOf(ResourceType type) => [.. Text(1, PathName(type)), .. Message(2, Message(8, Patch(type)))];

    private static string PathName(ResourceType type) =>
        $"/{(type.Group.Length == 0 ? "api" : "apis")}/{type.ApiVersion}/{(type.Namespaced ? "namespaces/{namespace}/" : "")}{type.Plural}/{{name}}";

    private static byte[] Patch(ResourceType type)
    {
        // ParametersItem.parameter.non_body_parameter.query_parameter_sub_schema.name
        var dryRun = Message(8, Message(1, Message(2, Message(3, Text(4, "dryRun")))));
        var kind = $"group: \"{type.Group}\"\nkind: {type.Kind}\nversion: {type.Version}\n";
        return [.. dryRun, .. Message(13, [.. Text(1, "x-kubernetes-group-version-kind"), .. Message(2, Text(2, kind))])];
    }

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    // Length-delimited, as strings and messages both are.
    private static byte[] Message(int field, byte[] content) => [.. Number((field << 3) | 2), .. Number(content.Length), .. content];

    private static IEnumerable<byte> Number(int value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            yield return (byte)((value & 0x7f) | 0x80);
        }

        yield return (byte)value;
    }
}
