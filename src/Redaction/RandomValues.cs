using System.Buffers;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>
/// What looks drawn at random right after a word for a secret, in prose: <c>using token 8f14e45f…</c>, <c>the client secret is …</c>,
/// <c>invalid password "…"</c>.
/// </summary>
internal static partial class RandomValues
{
    private const int AwsSecret = 40;
    private const RegexOptions Linear = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    // Beside the hints of settings.
    private static readonly SearchValues<string> Others = SearchValues.Create(["bearer", "aws", "code=", "ticket=", "saml", "assertion="], StringComparison.OrdinalIgnoreCase);

    public static void Find(string text, List<SecretSpan> found)
    {
        if (!text.AsSpan().ContainsAny(SecretSettings.Hints) && !text.AsSpan().ContainsAny(Others))
        {
            return;
        }

        found.AddRange(AfterWord().Matches(text).Where(match => !SecretSettings.IsChecksum(text, match.Index)).Select(match => match.Groups["value"])
            .Where(value => Randomness.IsLikely(value.ValueSpan)).Select(SecretSpan.Of));
        found.AddRange(Quoted().Matches(text).Select(match => match.Groups["value"]).Where(value => !SecretValue.IsPlaceholder(value.ValueSpan)).Select(SecretSpan.Of));
        found.AddRange(Parameter().Matches(text).Select(match => match.Groups["value"]).Where(value => Randomness.IsLikely(value.ValueSpan)).Select(SecretSpan.Of));
        found.AddRange(Aws().Matches(text).Select(match => match.Groups["value"])
            .Where(value => value.Length == AwsSecret && Randomness.IsMixed(value.ValueSpan)).Select(SecretSpan.Of));
    }

    // "idempotency key", "cache key", "trace for token": only what is secret by itself, and words that add nothing between.
    [GeneratedRegex(
        @"\b(pass(word|phrase|wd|code)|secret|token|credentials?|(api|access|secret|private|signing|encryption|license|account|session)[ _-]?key|auth(orization)?[ _-](code|key)|bearer)[ \t""'`(=:]{1,4}"
        + @"((is|was|are|of|value|with|using|as|now|set|to|id|found|received|got|invalid|new|root|access|key|wrong|bad|expired|leaked|generated)[ \t""'`(=:]{1,4})*(?<value>[A-Za-z0-9+/_.~-]{16,}={0,2})",
        Linear, Redactor.SearchTimeout)]
    private static partial Regex AfterWord();

    // A word in quotes that is no prose.
    [GeneratedRegex(@"\bpass(word|phrase|wd|code)[ \t]+(is[ \t]+|was[ \t]+|of[ \t]+|=[ \t]+)?(""(?<value>[^""\s]{3,})""|'(?<value>[^'\s]{3,})'|`(?<value>[^`\s]{3,})`)", Linear, Redactor.SearchTimeout)]
    private static partial Regex Quoted();

    // An authorization code is as good as the token that it buys.
    [GeneratedRegex(@"[?&](code|ticket|samlresponse|assertion)=(?<value>[A-Za-z0-9+/=_.~%-]{16,})", Linear, Redactor.SearchTimeout)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\baws[ \t""'`(=:]{1,4}(?<value>[A-Za-z0-9+/]{40,})", Linear, Redactor.SearchTimeout)]
    private static partial Regex Aws();
}
