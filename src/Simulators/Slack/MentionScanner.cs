using System.Text.Json;
using System.Text.RegularExpressions;

namespace AlertResponder.Simulators.Slack;

/// <summary>Finds what would notify people: control sequences in mrkdwn, and the elements of rich text that mean the same.</summary>
internal static partial class MentionScanner
{
    public static IReadOnlyList<string> Scan(string text, JsonElement blocks) => [.. InMrkdwn(text), .. InBlocks(blocks)];

    private static IEnumerable<string> InMrkdwn(string text) => Control().Matches(text).Select(match => match.Value);

    private static IEnumerable<string> InBlocks(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(InBlocks),
        JsonValueKind.Object => InObject(element),
        _ => [],
    };

    private static IEnumerable<string> InObject(JsonElement element) => Text(element, "type") switch
    {
        "mrkdwn" => InMrkdwn(Text(element, "text") ?? ""),
        "plain_text" => [],
        "user" => [$"<@{Text(element, "user_id")}>"],
        "usergroup" => [$"<!subteam^{Text(element, "usergroup_id")}>"],
        "broadcast" => [$"<!{Text(element, "range")}>"],
        _ => element.EnumerateObject().SelectMany(property => InBlocks(property.Value)),
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex(@"<(!(channel|here|everyone|group|subteam\^\w+)|@[UW]\w+)(\|[^>]*)?>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Control();
}
