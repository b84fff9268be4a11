using System.Text;
using System.Text.RegularExpressions;

namespace AlertResponder.Tests.Unit.Notification;

/// <summary>What Slack's markup must never contain, whatever others write; and texts that try.</summary>
internal static partial class HostileText
{
    private static readonly string[] Fragments =
    [
        "<!channel>", "<!here>", "<!everyone>", "<@U123>", "<#C123|general>", "<!subteam^S1>", "<https://evil.example|Runbook>", "https://evil.example",
        "@channel", "#general", "&lt;!channel&gt;", "&", "<", ">", "|", "`", "```", "*", "_", "~", "\n", "\r\n> ", "\t", "\0", "\u001b[31m", "\u001b]0;t\u0007", "\u009b2J",
        "\u202E", "\u200B", "\u2028", "\uFEFF", "\ud83d", "\ude00", "😀", "é", "中文", "\U000E0041", "<script>", "]]>", "%s", "{0}", "[red]", "[/]",
        ":fire:", "price-scraper", " ", "256Mi", "x",
    ];

    /// <summary>A text of up to 12 fragments, now and then a very long one.</summary>
    public static string Next(Random random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(12); left > 0; left--)
            text.Append(Fragments[random.Next(Fragments.Length)]);
        if (random.Next(12) == 0)
            text.Insert(0, Fragments[random.Next(Fragments.Length)], 2000 / Fragments[0].Length);
        return text.ToString();
    }

    /// <summary>Every angle bracket that is not of one of our own links, every ampersand that is not of an entity, and what JSON or a terminal would choke on.</summary>
    public static IEnumerable<string> Violations(string markup)
    {
        var rest = OurLink().Replace(markup, "");
        foreach (Match match in Unescaped().Matches(rest))
            yield return $"unescaped {match.Value} at {match.Index}";
        foreach (var violation in Unprintable(rest.Replace('\t', '\0')))
            yield return violation;
    }

    /// <summary>What JSON or a terminal would choke on, and what turns or hides the text beside it.</summary>
    public static IEnumerable<string> Unprintable(string markup)
    {
        foreach (var c in markup.Where(c => (char.IsControl(c) && c is not ('\n' or '\t')) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format))
            yield return $"control character U+{(int)c:X4}";
        for (var index = 0; index < markup.Length; index++)
        {
            if (char.IsHighSurrogate(markup[index]) && index + 1 < markup.Length && char.IsLowSurrogate(markup[index + 1]))
                index++;
            else if (char.IsSurrogate(markup[index]))
                yield return $"lone surrogate at {index}";
        }
    }

    // Or of one of our own mentions: of who asked, in the snapshots of these tests.
    [GeneratedRegex(@"<@U0(?:ABC123|DEF456)>|<https?://[!-~-[<>|`""]]+\|(?:Prometheus|Runbook|Alertmanager|link)>", RegexOptions.CultureInvariant)]
    private static partial Regex OurLink();

    [GeneratedRegex("[<>]|&(?!(?:amp|lt|gt);)", RegexOptions.CultureInvariant)]
    private static partial Regex Unescaped();
}
