using System.Text;
using System.Text.Json;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Model;

/// <summary>Finds the JSON object in the model's text (bare, fenced, or with chatter around it) and checks its form.</summary>
internal static class AnswerParser
{
    private const int MostEntries = 10;
    private static readonly string[] ListNames = ["evidence", "actions", "commands"];

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 8 };

    /// <returns>The answer, or what is wrong with it in words that the model can mend it by.</returns>
    /// <remarks>Of two different answers neither counts: a log that the model quotes may hold one that was planted there.</remarks>
    public static (ModelAnswer? Answer, string? Problem) Parse(string text)
    {
        string? problem = null;
        ModelAnswer? found = null;
        foreach (var candidate in Objects(text))
        {
            try
            {
                using var document = JsonDocument.Parse(candidate, Lenient);
                var (answer, wrong) = Read(document.RootElement);
                if (answer is not null && found is not null && !Same(answer, found))
                    return (null, "it has several JSON objects");
                found ??= answer;
                problem ??= wrong;
            }
            catch (JsonException exception)
            {
                problem ??= $"it is not valid JSON (line {exception.LineNumber + 1})";
            }
        }

        return found is not null
            ? (found, null)
            : (null, problem ?? (text.Contains('{', StringComparison.Ordinal) ? "the JSON object is not complete" : "it has no JSON object"));
    }

    private static bool Same(ModelAnswer one, ModelAnswer other) =>
        (one.Cause, one.Explanation, one.Severity, one.Confidence) == (other.Cause, other.Explanation, other.Severity, other.Confidence)
        && one.EvidenceIds.SequenceEqual(other.EvidenceIds) && one.ActionKinds.SequenceEqual(other.ActionKinds) && one.Commands.SequenceEqual(other.Commands);

    private static (ModelAnswer? Answer, string? Problem) Read(JsonElement root)
    {
        var problems = new List<string>();
        var cause = Text(root, "cause");
        if (string.IsNullOrWhiteSpace(cause))
            problems.Add("cause must be a text");
        if (!Enum.TryParse<Severity>(Text(root, "severity"), ignoreCase: true, out var severity) || !Enum.IsDefined(severity))
            problems.Add("severity must be info, warning or critical");
        if (!Enum.TryParse<Confidence>(Text(root, "confidence"), ignoreCase: true, out var confidence) || !Enum.IsDefined(confidence))
            problems.Add("confidence must be low, medium or high");

        var lists = ListNames.Select(name => Texts(root, name, problems)).ToArray();
        return problems.Count > 0
            ? (null, string.Join("; ", problems))
            : (new ModelAnswer(cause!, Text(root, "explanation") ?? "", severity, confidence, lists[0], lists[1], lists[2]), null);
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A list that is absent or null is empty; one text stands for a list of one.</summary>
    private static IReadOnlyList<string> Texts(JsonElement root, string name, List<string> problems)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind == JsonValueKind.String)
            return [value.GetString()!];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Take(MostEntries).Select(entry => entry.GetString()!)];
        problems.Add($"{name} must be a list of texts");
        return [];
    }

    /// <summary>Every balanced outermost {...} in the text, braces within JSON strings not counted.</summary>
    private static IEnumerable<string> Objects(string text)
    {
        for (var start = text.IndexOf('{', StringComparison.Ordinal); start >= 0;)
        {
            var end = End(text, start);
            if (end > 0)
                yield return Mended(text[start..end]);
            var next = end > 0 ? end : start + 1;
            start = next < text.Length ? text.IndexOf('{', next) : -1;
        }
    }

    private static int End(string text, int start)
    {
        var depth = 0;
        var inString = false;
        for (var i = start; i < text.Length; i++)
        {
            var character = text[i];
            if (inString)
            {
                if (character == '\\')
                    i++;
                else if (character == '"')
                    inString = false;
            }
            else if (character == '"')
            {
                inString = true;
            }
            else if (character == '{')
            {
                depth++;
            }
            else if (character == '}' && --depth == 0)
            {
                return i + 1;
            }
        }

        return -1;
    }

    /// <summary>Models break lines inside JSON strings, which JSON forbids; a space says the same.</summary>
    private static string Mended(string json)
    {
        var mended = new StringBuilder(json.Length);
        foreach (var character in json)
            mended.Append(char.IsControl(character) ? ' ' : character);
        return mended.ToString();
    }
}
