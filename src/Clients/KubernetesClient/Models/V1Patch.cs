using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>A change of an object, and the way it is to be understood.</summary>
[JsonConverter(typeof(V1PatchJsonConverter))]
public sealed record V1Patch
{
    /// <param name="body">
    /// JSON as text, sent as it is, or something to write as JSON. Null properties are left out then, so a field is removed by text, a
    /// <see cref="System.Text.Json.Nodes.JsonNode"/> or a dictionary.
    /// </param>
    /// <param name="type">How it is to be understood.</param>
    /// <exception cref="ArgumentException">There is no body, or the type is <see cref="PatchType.Unknown"/>.</exception>
    public V1Patch(object body, PatchType type)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (type == PatchType.Unknown)
            throw new ArgumentException("The type of the patch is needed", nameof(type));
        (Content, Type) = (body, type);
    }

    /// <summary>https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply.</summary>
    public enum PatchType
    {
        /// <summary>None.</summary>
        Unknown,

        /// <summary>A list of operations (RFC 6902); refused with 422 when a <c>test</c> among them fails.</summary>
        JsonPatch,

        /// <summary>Fields to replace (RFC 7396); lists are replaced whole.</summary>
        MergePatch,

        /// <summary>Fields to replace; lists are merged by their key, such as the containers' <c>name</c>. Not for custom objects.</summary>
        StrategicMergePatch,

        /// <summary>All that a field manager, which must be given, wants to own; refused with 409 when another one owns it, unless forced.</summary>
        ApplyPatch,
    }

    public object Content { get; }

    public PatchType Type { get; }

    internal string MediaType => Type switch
    {
        PatchType.JsonPatch => "application/json-patch+json",
        PatchType.MergePatch => "application/merge-patch+json",
        PatchType.StrategicMergePatch => "application/strategic-merge-patch+json",
        PatchType.ApplyPatch => "application/apply-patch+yaml",
        _ => throw new InvalidOperationException($"There is no patch of type {Type}"),
    };
}

internal sealed class V1PatchJsonConverter : JsonConverter<V1Patch>
{
    public override V1Patch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A patch is only written");

    public override void Write(Utf8JsonWriter writer, V1Patch value, JsonSerializerOptions options)
    {
        if (value.Content is string json)
            writer.WriteRawValue(json);
        else
            JsonSerializer.Serialize(writer, value.Content, options);
    }
}
