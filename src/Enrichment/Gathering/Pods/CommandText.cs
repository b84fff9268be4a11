using System.Buffers;

namespace AlertResponder.Enrichment.Gathering.Pods;

/// <summary>Arguments as a person would type them: what has blanks is in quotes, which also shows redaction how far a value reaches.</summary>
internal static class CommandText
{
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n");

    public static string Of(IEnumerable<string?> arguments) => string.Join(' ', arguments.OfType<string>().Select(Quoted));

    // --password="two words"
    private static string Quoted(string argument)
    {
        if (!argument.AsSpan().ContainsAny(Blanks))
        {
            return argument;
        }

        var value = argument.IndexOf('=', StringComparison.Ordinal) + 1;
        return argument.AsSpan(0, value).ContainsAny(Blanks) ? $"\"{argument}\"" : $"{argument[..value]}\"{argument[value..]}\"";
    }
}
