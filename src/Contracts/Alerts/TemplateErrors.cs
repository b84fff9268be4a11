namespace AlertResponder.Contracts;

/// <summary>What Prometheus leaves where a template of a rule could not be filled in: nothing that a person should read.</summary>
public static class TemplateErrors
{
    /// <summary>What stands for a value that the template did not find.</summary>
    public const string Unknown = "(unknown)";

    private const string NoValue = "<no value>";
    private const string Failed = "<error expanding template";

    /// <summary>Whether a text has one in it.</summary>
    public static bool In(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(Failed, StringComparison.Ordinal) || text.Contains(NoValue, StringComparison.Ordinal);
    }

    /// <summary>The text without them; null when there is nothing left of it.</summary>
    public static string? Without(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!In(text))
        {
            return text;
        }

        // The error takes the place of the whole text, and its own text may have anything in it: what follows is none of the rule's.
        var failed = text.IndexOf(Failed, StringComparison.Ordinal);
        var kept = (failed < 0 ? text : text[..failed]).Trim();
        return kept.Length == 0 || kept == NoValue ? null : kept.Replace(NoValue, Unknown, StringComparison.Ordinal);
    }
}
