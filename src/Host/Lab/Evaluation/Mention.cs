using System.Text.RegularExpressions;

namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>Something that a card is to say, or not to say, in any of several wordings. Case and white space don't count.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="Patterns">One for each wording.</param>
internal sealed partial record Mention(string Text, IReadOnlyList<Regex> Patterns)
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <param name="wordings">Each a text, texts with <c>|</c> between them, or <c>/a regular expression/</c>.</param>
    /// <exception cref="FormatException">A regular expression cannot be read.</exception>
    public static Mention Parse(IReadOnlyList<string> wordings) => new(string.Join(" | ", wordings), [.. wordings.SelectMany(PatternsOf)]);

    public bool IsIn(string card) => Patterns.Any(pattern => pattern.IsMatch(card));

    /// <summary>All white space as single spaces.</summary>
    public static string Collapse(string text) => WhiteSpace().Replace(text, " ").Trim();

    private static IEnumerable<Regex> PatternsOf(string wording)
    {
        if (IsExpression(wording.Trim()))
            return [Expression(wording.Trim())];
        return wording.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => IsExpression(part) ? Expression(part) : new Regex(Regex.Escape(Collapse(part)), Options, Timeout));
    }

    private static bool IsExpression(string text) => text is ['/', _, .., '/'];

    private static Regex Expression(string text)
    {
        try
        {
            return new Regex(text[1..^1], Options, Timeout);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"{text} is no regular expression: {e.Message}", e);
        }
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WhiteSpace();
}
