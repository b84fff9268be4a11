using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AlertResponder.Simulators.Bedrock;

/// <summary>
/// A model's answer made by a rule, for running without a script: it says again, as JSON, the first finding that it was told
/// (a line <c>- rule [e1 e2]: text</c>). It knows nothing of its own.
/// </summary>
public static partial class RuleMadeAnswer
{
    private const int LongestCause = 120;

    /// <summary>The answer to a Converse request; plain text where the request holds no finding.</summary>
    public static string To(JsonElement request)
    {
        var question = string.Concat(request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").EnumerateArray()
            .Select(block => block.TryGetProperty("text", out var text) ? text.GetString() : null));
        if (Finding().Match(question) is not { Success: true } finding)
        {
            return "I was told no finding, and as a simulated model I have no thoughts of my own.";
        }

        var text = finding.Groups["text"].Value;
        return new JsonObject
        {
            ["cause"] = text.Length > LongestCause ? text[..LongestCause] : text,
            ["explanation"] = text,
            ["severity"] = "warning",
            ["confidence"] = "medium",
            ["evidence"] = new JsonArray([.. finding.Groups["ids"].Value.Split(' ').Select(id => JsonValue.Create(id))]),
            ["actions"] = new JsonArray(),
            ["commands"] = new JsonArray(),
        }.ToJsonString();
    }

    [GeneratedRegex(@"^- (?<rule>[a-z-]+) \[(?<ids>[^\]]*)\]: (?<text>.+)$", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Finding();
}
