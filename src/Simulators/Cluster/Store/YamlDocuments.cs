using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>
/// YAML to the JSON that an API server would hold. Plain scalars take their YAML type as kubectl reads them (so <c>yes</c> is a
/// boolean and <c>0644</c> octal); quoted ones stay strings. Where the API's type is a string or a quantity (labels, limits, ...) the
/// text is kept, whatever it looks like.
/// </summary>
internal static partial class YamlDocuments
{
    private static readonly HashSet<string> StringMaps = new(StringComparer.Ordinal)
    {
        "labels", "annotations", "matchLabels", "nodeSelector", "limits", "requests", "capacity", "allocatable", "hard", "used",
    };

    /// <summary>The objects of all documents; a <c>List</c> counts as its items.</summary>
    public static IEnumerable<JsonObject> Read(string yaml) => [.. ReadLocated(yaml).SelectMany(located => Unfold(located.Document))];

    /// <summary>All documents, as they are, with the lines on which they begin; one that is a sequence counts as its items.</summary>
    public static IReadOnlyList<(JsonObject Document, long Line)> ReadLocated(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return
        [
            .. stream.Documents
                .Select(document => document.RootNode)
                .Where(root => root is not YamlScalarNode { Value: null or "" })
                .SelectMany(root => root is YamlSequenceNode sequence ? sequence.Children : [root])
                .Select(root => (
                    Convert(root, asText: false) as JsonObject ?? throw new FormatException($"What begins on line {root.Start.Line} is no mapping, as a manifest must be."),
                    root.Start.Line)),
        ];
    }

    private static IEnumerable<JsonObject> Unfold(JsonObject document) =>
        document["kind"]?.GetValue<string>() == "List" && document["items"] is JsonArray items
            ? items.Select(item => (JsonObject)item!.DeepClone())
            : [document];

    private static JsonNode? Convert(YamlNode node, bool asText) => node switch
    {
        YamlMappingNode mapping => ConvertMapping(mapping, asText),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(child => Convert(child, asText: false))]),
        YamlScalarNode scalar => ConvertScalar(scalar, asText),
        _ => throw new FormatException($"YAML {node.NodeType} is not supported in a manifest."),
    };

    private static JsonObject ConvertMapping(YamlMappingNode mapping, bool asText)
    {
        var result = new JsonObject();
        foreach (var (key, value) in mapping.Children)
        {
            var name = ((YamlScalarNode)key).Value ?? "";
            result[name] = Convert(value, asText || StringMaps.Contains(name));
        }

        return result;
    }

    private static JsonValue? ConvertScalar(YamlScalarNode scalar, bool asText)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
            return JsonValue.Create(text);
        if (text is "" or "~" or "null" or "Null" or "NULL")
            return null;
        if (asText)
            return JsonValue.Create(text);
        return ToBoolean(text) is { } boolean ? JsonValue.Create(boolean) : ToNumber(text) ?? JsonValue.Create(text);
    }

    private static bool? ToBoolean(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    private static JsonValue? ToNumber(string text)
    {
        if (Octal().IsMatch(text))
            return JsonValue.Create(System.Convert.ToInt64(text, 8));
        if (Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return JsonValue.Create(integer);
        return Real().IsMatch(text) ? JsonValue.Create(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)) : null;
    }

    [GeneratedRegex("^0[0-7]+$", RegexOptions.None, 1000)]
    private static partial Regex Octal();

    [GeneratedRegex("^[-+]?(0|[1-9][0-9]*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Real();
}
