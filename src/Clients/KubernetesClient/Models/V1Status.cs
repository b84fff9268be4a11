using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>
/// What the API server answers when it refuses or fails, the body of a <see cref="k8s.Autorest.HttpOperationException"/>, and to a
/// deletion. A deletion that takes its time is answered with the object instead: see <see cref="HasObject"/>.
/// </summary>
public sealed record V1Status : IKubernetesObject<V1ListMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }

    /// <summary><c>Success</c> or <c>Failure</c>.</summary>
    public string Status { get; set; }

    /// <summary>The HTTP status.</summary>
    public int? Code { get; set; }

    /// <summary>One word for programs: <c>NotFound</c>, <c>Forbidden</c>, <c>TooManyRequests</c>, ...</summary>
    public string Reason { get; set; }

    /// <summary>For people.</summary>
    public string Message { get; set; }
    public V1StatusDetails Details { get; set; }

    /// <summary>It is no status but another object; all the rest is null.</summary>
    [JsonIgnore]
    public bool HasObject { get; private init; }

    private JsonElement Original { get; init; }

    /// <summary>The object that it is instead.</summary>
    /// <exception cref="InvalidOperationException">It is a status.</exception>
    public T ObjectView<T>() => Original.Deserialize<T>(KubernetesJson.Options);

    internal sealed class ObjectViewConverter(JsonSerializerOptions without) : JsonConverter<V1Status>
    {
        public override V1Status Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var element = JsonElement.ParseValue(ref reader);
            try
            {
                return element.Deserialize<V1Status>(without);
            }
            catch (JsonException)
            {
                // The status of an object is an object, that of a status a word.
                return new V1Status { HasObject = true, Original = element };
            }
        }

        public override void Write(Utf8JsonWriter writer, V1Status value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, without);
    }
}

/// <summary>What a <see cref="V1Status"/> is about.</summary>
public sealed record V1StatusDetails
{
    public string Group { get; set; }
    public string Kind { get; set; }
    public string Name { get; set; }
    public string Uid { get; set; }

    /// <summary>How long to wait, in seconds; the Retry-After header says the same.</summary>
    public int? RetryAfterSeconds { get; set; }
    public IList<V1StatusCause> Causes { get; set; }
}

/// <summary>One reason of a <see cref="V1Status"/>.</summary>
public sealed record V1StatusCause
{
    public string Field { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
}
