using System.Text.RegularExpressions;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>A Service that a log says cannot be reached.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsCertain">The name did not resolve and means nothing outside of the cluster: there ought to be such a Service.</param>
internal sealed record Dependency(string Namespace, string Name, bool IsCertain);

/// <summary>Finds the hosts in lines such as <c>dial tcp: lookup redis.data: no such host</c>.</summary>
internal static partial class Dependencies
{
    // With a port, these are places in source files.
    private static readonly string[] SourceFiles = ["go", "js", "mjs", "ts", "py", "rb", "rs", "java", "kt", "scala", "cs", "c", "cc", "cpp", "php", "ex"];

    // An application tells where it connects to, and then only that it did not work.
    private const int LinesBefore = 80;

    /// <summary>The newest first, those that are surely Services before the others.</summary>
    /// <param name="text">A log or message.</param>
    /// <param name="namespace">Of the pod that wrote it: where a bare name is looked up.</param>
    public static IEnumerable<Dependency> In(string text, string @namespace)
    {
        var lines = text.Split('\n');
        Dependency[] named = [.. lines.Reverse().Where(line => Trouble().IsMatch(line)).SelectMany(line => Hosts(line, @namespace))];
        if (named.Length == 0 && Array.FindLastIndex(lines, Trouble().IsMatch) is > 0 and var last)
        {
            named = [.. lines[Math.Max(0, last - LinesBefore)..last].Reverse().Where(line => Connecting().IsMatch(line)).SelectMany(line => Hosts(line, @namespace)).Take(1)];
        }

        return named.Distinct().OrderByDescending(dependency => dependency.IsCertain);
    }

    /// <summary>Whether something did not answer in time: that may be a policy's doing.</summary>
    public static bool TimesOut(string text) => TimedOut().IsMatch(text);

    /// <summary>The IP addresses that refuse or do not answer, the newest first.</summary>
    public static IEnumerable<string> Addresses(string text) => text.Split('\n').Reverse()
        .Where(line => Trouble().IsMatch(line))
        .SelectMany(line => Address().Matches(line).Select(match => match.Groups["address"].Value))
        .Distinct(StringComparer.Ordinal);

    private static IEnumerable<Dependency> Hosts(string line, string @namespace) => Host().Matches(line)
        .Select(match => Parse(match.Groups["host"].Value.ToLowerInvariant(), @namespace, Unresolved().IsMatch(line)))
        .OfType<Dependency>();

    private static Dependency? Parse(string host, string @namespace, bool unresolved)
    {
        var parts = host.TrimEnd('.').Split('.');
        return parts switch
        {
            ["localhost"] => null,
            [var name] => new Dependency(@namespace, name, unresolved),
            [_, var extension] when SourceFiles.Contains(extension, StringComparer.Ordinal) => null,
            [var name, var other] => new Dependency(other, name, IsCertain: false),
            _ when Array.IndexOf(parts, "svc") is var svc and >= 2 => new Dependency(parts[svc - 1], parts[svc - 2], unresolved),
            _ => null,
        };
    }

#pragma warning disable MA0009 // Linear: no match can begin within what another try has read. NonBacktracking takes megabytes for each.
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    private const string NotResolved = @"no such host|\bENOTFOUND\b|\bEAI_AGAIN\b|translate host name|name resolution|Name or service not known|UnknownHost|host not found|server misbehaving|(can't|cannot|could not|unable to|failed to) resolve";

    [GeneratedRegex(@"\bconnect(ing|s)? (to|with)\b|\b(dial|open)ing\b", Options)]
    private static partial Regex Connecting();

    [GeneratedRegex(@"time(d)?[ -]?out|ETIMEDOUT|deadline exceeded", Options)]
    private static partial Regex TimedOut();

    [GeneratedRegex(@"(^|[^0-9.])(?<address>[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}):[0-9]{2,5}\b", Options)]
    private static partial Regex Address();

    [GeneratedRegex(NotResolved, Options)]
    private static partial Regex Unresolved();

    [GeneratedRegex(
        NotResolved + @"|\brefused\b|ECONNREFUSED|ECONNRESET|connection reset|no route to host|i/o timeout|timed out|ETIMEDOUT|\btimeout\b|deadline exceeded|(can't|cannot|could not|unable to|failed to|error) connect(ing)?",
        Options)]
    private static partial Regex Trouble();

    [GeneratedRegex(
        @"(\blookup |\bENOTFOUND |\bEAI_AGAIN |\bhost name ""|\bserver at ""|\bserver on '|UnknownHostException: |\bresolve '?|\bupstream ""|//)(?<host>[a-z][a-z0-9-]*(\.[a-z0-9-]+)*)|(^|[\s""'(=@/\[])(?<host>[a-z][a-z0-9-]*(\.[a-z0-9-]+)*):[0-9]{2,5}\b",
        Options)]
    private static partial Regex Host();
}
