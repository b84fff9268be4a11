using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>Elements and attributes of XML whose names say that they hold a secret.</summary>
internal static partial class Markup
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    public static void Find(string text, List<SecretSpan> found)
    {
        if (!text.Contains('<', StringComparison.Ordinal) || !text.AsSpan().ContainsAny(SecretSettings.Hints))
        {
            return;
        }

        foreach (var pattern in new[] { Element(), Entry() })
        {
            found.AddRange(pattern.Matches(text)
                .Where(match => !SecretSettings.IsAbout(match) && match.Groups["value"].Value.Trim() is { Length: > 0 } value && value != Redactor.Mark && !SecretValue.IsReference(value))
                .Select(match => SecretSpan.Of(match.Groups["value"])));
        }
    }

    // <db:password type="plain">…</db:password>
    [GeneratedRegex("<[a-z0-9_.:-]*" + SecretSettings.Words + @"([ \t][^<>\r\n]*[^<>\r\n/])?>([ \t]*<!\[CDATA\[)?(?<value>[^<]+)", Options, Redactor.SearchTimeout)]
    private static partial Regex Element();

    // <entry key="password">…</entry>
    [GeneratedRegex(@"<[a-z0-9_.:-]+[ \t]+[^<>\r\n]*(key|name)=[""'][a-z0-9_.:-]*" + SecretSettings.Words + @"[""']([ \t][^<>\r\n]*[^<>\r\n/])?>(?<value>[^<]+)", Options, Redactor.SearchTimeout)]
    private static partial Regex Entry();
}
