using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace SlackNet.WebApi;

/// <summary>The answer to a refused request.</summary>
public sealed class ErrorResponse
{
    [JsonExtensionData]
    private readonly IDictionary<string, JToken> _rest = new Dictionary<string, JToken>(StringComparer.Ordinal);

    /// <summary>The code, such as channel_not_found.</summary>
    public string Error { get; set; } = "";

    public ErrorResponseMetadata ResponseMetadata { get; set; } = new();

    /// <summary>Details that some codes have: missing_scope says what is needed and what is provided.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Info => _rest
        .Where(entry => entry.Value.Type == JTokenType.String)
        .ToDictionary(entry => entry.Key, entry => (string)entry.Value, StringComparer.Ordinal);
}
