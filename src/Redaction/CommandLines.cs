using System.Buffers;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>
/// Passwords that commands take by position or by a flag that does not call them so: <c>mysql -psecret</c>, <c>docker login -p</c>,
/// <c>redis-cli -a</c>, <c>IDENTIFIED BY '…'</c>. The <c>-p</c> of a port, a path or a process is left alone.
/// </summary>
internal static partial class CommandLines
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    // In quotes of its own, or a word.
    private const string Value = @"(?<value>""[^""\r\n]+""|'[^'\r\n]+'|[^\s""'=-][^\s""',]*)";
    private const string Gap = @"\b[^\r\n]*?[\s""']";
    private const string Space = @"([ \t]+|=|[""'][ \t]*,[ \t]*)";

    // 8080:80/tcp
    private static readonly SearchValues<char> PortCharacters = SearchValues.Create("0123456789.:/tcpud");

    // A pattern that cannot match need not be tried, nor made: each takes a megabyte or more.
    private static readonly (SearchValues<string> Hints, Func<Regex> Pattern)[] Patterns =
    [
        (Hints("mysql", "mariadb"), Attached),
        (Hints("sshpass", "mongo", "redis-cli", "valkey-cli", "sqlcmd", "bcp", "osql", "ldap", "pass:", "storepass", "keypass"), Apart),
        (Hints("login"), Login),
        (Hints("-u", "--user"), AfterUser),
        (Hints("curl", "wget", "http ", "https ", "xh "), UserAndPassword),
        (Hints("aws_s", "requirepass", "masterauth", "login", "ENV"), Named),
        (Hints("identified", "password"), Sql),
    ];

    public static void Find(string text, List<SecretSpan> found)
    {
        foreach (var (_, pattern) in Patterns.Where(pattern => text.AsSpan().ContainsAny(pattern.Hints)))
        {
            found.AddRange(pattern().Matches(text).Select(match => match.Groups["value"]).Where(value => IsSecret(value.ValueSpan)).Select(SecretSpan.Of));
        }
    }

    private static SearchValues<string> Hints(params string[] words) => SearchValues.Create(words, StringComparison.OrdinalIgnoreCase);

    // docker run -u 1000 -p 8080:80
    private static bool IsSecret(ReadOnlySpan<char> value) =>
        !value.Trim("\"'").StartsWith(Redactor.Mark) && !SecretValue.IsReference(value.Trim("\"'")) && value.ContainsAnyExcept(PortCharacters);

    [GeneratedRegex(@"\b(mysql[a-z]*|mariadb[a-z-]*)" + Gap + @"-p(?<value>""[^""\r\n]+""|'[^'\r\n]+'|[^\s""'=,-][^\s""',]*)", Linear, Redactor.SearchTimeout)]
    private static partial Regex Attached();

    [GeneratedRegex(
        @"\bsshpass[ \t]+-p[ \t]*" + Value + @"|\b(mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|mongostat)" + Gap + "-p" + Space + Value
        + @"|\b(redis-cli|valkey-cli)" + Gap + "-a" + Space + Value + @"|\b(sqlcmd|bcp|osql)" + Gap + "-P" + Space + Value + @"|\bldap[a-z]+" + Gap + "-w" + Space + Value
        + @"|-pass(in|out)?[ \t]+pass:" + Value + @"|-[a-z]*(store|key)pass" + Space + Value, Linear, Redactor.SearchTimeout)]
    private static partial Regex Apart();

    [GeneratedRegex(
        @"\b(docker|podman|nerdctl|buildah|skopeo|helm|oras|crane|oc|az|cf|argocd)" + Gap + "login" + Gap + "-p" + Space + Value + @"|\bvault[ \t]+login[ \t]+(-[^\s]+[ \t]+)*" + Value,
        Linear, Redactor.SearchTimeout)]
    private static partial Regex Login();

    [GeneratedRegex(@"[\s""'](-u|--user|--username)" + Space + @"[""']?[^\s""']+[""']?(,?[ \t]*[""'])?[ \t]*-p" + Space + Value, Linear, Redactor.SearchTimeout)]
    private static partial Regex AfterUser();

    [GeneratedRegex(@"\b(curl|wget|http|https|xh)" + Gap + "(-u|--user|-U|--proxy-user|-a)" + Space + @"[""']?[^\s:""']+:(?<value>[^\s""',]+)", Linear, Redactor.SearchTimeout)]
    private static partial Regex UserAndPassword();

    [GeneratedRegex(
        @"\b(aws_secret_access_key|aws_session_token|requirepass|masterauth)(""[ \t]*,)?[ \t]+""?" + Value + @"|\blogin[ \t]+[^\s]+[ \t]+password[ \t]+" + Value
        + @"|\bENV[ \t]+[A-Za-z0-9_.-]*(?i:pass|pwd|secret|token|credential|[a-z_-]key)[A-Za-z0-9_.-]*[ \t]+" + Value, Linear, Redactor.SearchTimeout)]
    private static partial Regex Named();

    [GeneratedRegex(
        @"\b(identified[ \t]+(with[ \t]+[a-z0-9_]+[ \t]+)?(by|as)|with[ \t]+(encrypted[ \t]+)?password|(role|user)[ \t]+[^\s]+[ \t]+(encrypted[ \t]+)?password)[ \t]*=?[ \t]*(?<value>'[^'\r\n]+'?|""[^""\r\n]+""?)",
        Linear | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Redactor.SearchTimeout)]
    private static partial Regex Sql();
}
