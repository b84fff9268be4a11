using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>Secrets that their own form gives away, wherever they stand: the tokens of providers, JWTs, addresses that need no password.</summary>
internal static partial class KnownTokens
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    // A token takes no more when a narrow terminal has wrapped it.
    private const int MostLines = 8;

    // Each alternative of ProviderToken has one: of a long text without any nothing need be tried.
    private static readonly SearchValues<string> TokenHints = SearchValues.Create(
        [
            "AKIA", "ASIA", "ABIA", "ACCA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-", "glsoat-", "glcbt-", "gloas-", "glft-", "glagent-", "glimt-", "glffct-",
            "GR1348941", "xox", "xapp-", "k_live_", "k_test_", "whsec_", "AIza", "ya29.", "GOCSPX-", "npm_", "hvs.", "hvb.", "hvr.", "sk-", "gsk", "hf_", "hf-", "r8_", "r8-", "xai", "pplx", "nvapi", "csk",
            "tvly", "fw_", "fw-", "lsv2_", "dckr_", "_v1_", "SG.", "Q~", "dapi", "glsa_", "glc_", "pypi-", "shpat_", "shpca_", "shppa_", "shpss_", "tskey-", "AGE-SECRET", "ATATT", "ATCTT", "ATBB", "K10", "SK",
            "key-", "NRAK-", "lin_api_", "PMAK-", "ntn_", "sbp_", "pscale_", "dp.", "sntry", "rubygems_", "AKCp", "CCIPAT_", "HRKU-", ".atlasv1.", "fm1_", "fm2_",
        ],
        StringComparison.Ordinal);

    private static readonly SearchValues<string> WebhookHosts = SearchValues.Create(["hooks.", "office.com/", "discord", "telegram", "pagerduty"], StringComparison.OrdinalIgnoreCase);

    public static void Find(string text, List<SecretSpan> found)
    {
        if (text.AsSpan().ContainsAny(TokenHints))
        {
            found.AddRange(ProviderToken().Matches(text).Select(SecretSpan.Of));
        }

        if (text.Contains("eyJ", StringComparison.Ordinal))
        {
            found.AddRange(Jwt().Matches(text).Select(SecretSpan.Of));
        }

        found.AddRange(OldVaultToken().Matches(text).Where(match => Randomness.IsMixed(match.ValueSpan)).Select(SecretSpan.Of));
        if (text.AsSpan().ContainsAny(WebhookHosts))
        {
            found.AddRange(WebhookPath().Matches(text).Select(match => SecretSpan.Of(match.Groups["path"])));
        }
    }

    /// <summary>
    /// Those that a line end runs through, so that neither part has the form. What begins in a line that already shows one is not among
    /// them: the next line would always be taken for a part of it.
    /// </summary>
    public static IEnumerable<SecretSpan> FindWrapped(string text)
    {
        if (!text.Contains('\n', StringComparison.Ordinal) && !text.Contains("\\n", StringComparison.Ordinal))
        {
            return [];
        }

        var joined = new StringBuilder(text.Length);
        List<(int Joined, int Origin)> breaks = [(0, 0)];
        var copied = 0;
        foreach (var lineEnd in LineEnd().EnumerateMatches(text))
        {
            var after = lineEnd.Index + lineEnd.Length;
            if (lineEnd.Index > copied && after < text.Length && IsTokenCharacter(text[lineEnd.Index - 1]) && IsTokenCharacter(text[after]))
            {
                joined.Append(text, copied, lineEnd.Index - copied);
                breaks.Add((joined.Length, after));
                copied = after;
            }
        }

        return breaks.Count == 1 ? [] : Crossing(joined.Append(text, copied, text.Length - copied).ToString(), breaks);
    }

    private static List<SecretSpan> Crossing(string joined, List<(int Joined, int Origin)> breaks)
    {
        List<SecretSpan> found = [];
        foreach (var match in ProviderToken().Matches(joined).Concat(Jwt().Matches(joined)))
        {
            var first = Before(match.Index);
            var last = Before(match.Index + match.Length - 1);
            if (first == last)
            {
                continue;
            }

            // To the first line that makes a whole of it: the line after the token's last would be taken for a part of it.
            var start = breaks[first].Origin + match.Index - breaks[first].Joined;
            var lines = Math.Min(last, first + MostLines);
            var whole = Enumerable.Range(first, lines - first).FirstOrDefault(line => IsToken(joined[match.Index..breaks[line + 1].Joined]), lines);
            if (whole > first)
            {
                var end = whole == last ? match.Index + match.Length : breaks[whole + 1].Joined;
                found.Add(new SecretSpan(start, breaks[whole].Origin + end - breaks[whole].Joined));
            }
        }

        return found;

        int Before(int index)
        {
            var at = breaks.BinarySearch((index, int.MaxValue));
            return ~at - 1;
        }
    }

    private static bool IsToken(string text) => ProviderToken().IsMatch(text) || Jwt().IsMatch(text);

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '/' or '=' or '.' or '~' or '%';

#pragma warning disable MA0009 // Bounded but for the ends of its alternatives, and so linear; NonBacktracking is slow with this many counts.
    [GeneratedRegex(
        @"A(KIA|SIA|BIA|CCA)[A-Z0-9]{16}([\s:,;""'/]{1,3}[A-Za-z0-9/+]{40})?|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|gl(pat|dt|rt|ptt|soat|cbt|oas|ft|agent|imt|ffct)-[A-Za-z0-9_-]{16,}|GR1348941[A-Za-z0-9_-]{16,}"
        + @"|xox[a-z]-[A-Za-z0-9%-]{8,}|xapp-[A-Za-z0-9-]{8,}|([sr]k_(live|test)|whsec)_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{30,}"
        + @"|hv[sbr]\.[A-Za-z0-9_-]{20,}|\bsk-((proj|ant|svcacct|or|admin)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{32,})|\b(gsk|hf|r8|xai|pplx|nvapi|csk|tvly|fw|lsv2_pt|lsv2_sk)[_-][A-Za-z0-9_]{30,}"
        + @"|dckr_[po]at_[A-Za-z0-9_-]{20,}|do[opr]_v1_[a-f0-9]{40,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}|\bdapi[a-f0-9]{32}|gl(sa|c)_[A-Za-z0-9+/=_-]{24,}"
        + @"|pypi-AgEI[A-Za-z0-9_-]{16,}|shp(at|ca|pa|ss)_[a-fA-F0-9]{32}|tskey-[a-z]+-[A-Za-z0-9-]{16,}|AGE-SECRET-KEY-1[A-Z0-9]{40,}|AT(ATT|CTT|BB)[A-Za-z0-9_=-]{20,}|K10[a-f0-9]{32,64}::[A-Za-z0-9:.-]+"
        + @"|\bSK[a-f0-9]{32}\b|\bkey-[a-f0-9]{32}\b|NRAK-[A-Z0-9]{24,}|lin_api_[A-Za-z0-9]{32,}|\bPMAK-[A-Za-z0-9-]{32,}|\bntn_[A-Za-z0-9]{30,}|sbp_[a-f0-9]{40}|pscale_(tkn|pw|oauth)_[A-Za-z0-9_.-]{20,}|dp\.[a-z]{2,5}\.[A-Za-z0-9]{30,}"
        + @"|sntry[su]_[A-Za-z0-9+/=_-]{32,}|rubygems_[a-f0-9]{40,}|\bAKCp[A-Za-z0-9]{40,}|CCIPAT_[A-Za-z0-9_]{20,}|HRKU-[A-Za-z0-9_-]{30,}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{40,}|fm[12]_[A-Za-z0-9+/=_-]{40,}",
        RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex ProviderToken();

    [GeneratedRegex(@"\b[sbr]\.[A-Za-z0-9]{24}\b", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex OldVaultToken();

    // Also one that a shell line continues over, and one that is written as \n.
    [GeneratedRegex(@"\\?\r?\n[ \t]*|(\\r)?\\n[ \t]*", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex LineEnd();
#pragma warning restore MA0009

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]{8,}|\.\.)[A-Za-z0-9_.-]*", Linear, Redactor.SearchTimeout)]
    private static partial Regex Jwt();

    [GeneratedRegex(
        @"(hooks\.slack\.com/(services|workflows|triggers)/|webhook\.office\.com/webhookb2/|outlook\.office\.com/webhook/|discord(app)?\.com/api/webhooks/|api\.telegram\.org/bot|hooks\.zapier\.com/hooks/catch/|events\.pagerduty\.com/integration/)(?<path>[A-Za-z0-9/_:@-]+)",
        RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex WebhookPath();
}
