using System.Text.Json;
using AlertResponder.Simulators.Traffic;
using Microsoft.AspNetCore.WebUtilities;

namespace AlertResponder.Simulators.Slack;

/// <summary>
/// The arguments of one method call: from the query, a form or a JSON object. What is structured (blocks, metadata) arrives as JSON
/// text in a form, and as JSON or as its text in JSON.
/// </summary>
internal sealed class SlackArguments
{
    private readonly Dictionary<string, string> _values;

    private SlackArguments(Dictionary<string, string> values) => _values = values;

    public string? this[string name] => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Whether the argument was sent, be it empty.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    public bool Flag(string name) => this[name] is "true" or "1" or "True";

    /// <exception cref="SlackArgumentException">The body is not what its content type says.</exception>
    public static SlackArguments Read(RecordedRequest request)
    {
        var values = new Dictionary<string, string>(request.Query, StringComparer.Ordinal);
        if (request.Content.Length > 0)
        {
            foreach (var (name, value) in ReadBody(request))
                values[name] = value;
        }

        return new SlackArguments(values);
    }

    /// <summary>Null when it is absent.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public JsonElement? Json(string name)
    {
        if (this[name] is not { } text)
            return null;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadBody(RecordedRequest request) =>
        (request.Header("Content-Type") ?? "").Split(';')[0].Trim().ToLowerInvariant() switch
        {
            "application/x-www-form-urlencoded" => QueryHelpers.ParseQuery(request.Body)
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.LastOrDefault() ?? "")),
            "application/json" => ReadJson(request.Body),
            "" => throw new SlackArgumentException("missing_post_type"),
            _ => throw new SlackArgumentException("invalid_post_type"),
        };

    private static List<KeyValuePair<string, string>> ReadJson(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? throw new SlackArgumentException("json_not_object")
                : [.. document.RootElement.EnumerateObject()
                    .Where(property => property.Value.ValueKind != JsonValueKind.Null)
                    .Select(property => KeyValuePair.Create(
                        property.Name,
                        property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText()))];
        }
        catch (JsonException exception)
        {
            throw new SlackArgumentException("invalid_json", exception);
        }
    }
}

/// <summary>The call is refused with this error code.</summary>
internal sealed class SlackArgumentException(string code, Exception? inner = null) : Exception(code, inner)
{
    public IReadOnlyList<string> Details { get; init; } = [];
}
