using System.Text.RegularExpressions;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>
/// Which addresses may be asked. The package puts names into them as they are, and names come from alerts: <c>../secrets/x</c> as the name of a
/// pod would read that secret. Checked before <see cref="Uri"/> resolves the dots. Pure.
/// </summary>
/// <remarks>
/// A slash in a name makes an address of one kind look like one of another: the pod <c>a/log</c> is that pod's log, the namespace <c>a/pods</c> its
/// list of pods. So each kind must have what only it has: a list its limit, a log its number of lines.
/// </remarks>
internal static partial class ApiAddress
{
    // Of the parameters that are not in the body, those that the API server ignores when there is one.
    private static readonly string[] OfDeletions = ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"];

    private static readonly HashSet<string> Subresources = new(["eviction", "log"], StringComparer.Ordinal);

    private static readonly HashSet<string> Parameters = new(
        [
            .. OfDeletions, "allowWatchBookmarks", "container", "continue", "fieldManager", "fieldSelector", "fieldValidation", "follow", "force", "labelSelector",
            "limit", "limitBytes", "pretty", "previous", "resourceVersion", "resourceVersionMatch", "sendInitialEvents", "sinceSeconds", "sinceTime", "tailLines",
            "timeoutSeconds", "timestamps", "watch",
        ],
        StringComparer.Ordinal);

    /// <exception cref="ArgumentException">No object has this address, or it must not be asked.</exception>
    public static void Check(HttpMethod method, string relativeUri, bool hasBody)
    {
        var (path, query) = relativeUri.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? (relativeUri[..at], relativeUri[(at + 1)..]) : (relativeUri, null);
        var parameters = query?.Split('&') ?? [];
        if (!parameters.All(IsParameter))
        {
            throw new ArgumentException($"«{relativeUri}» has parameters that the Kubernetes API does not have", nameof(relativeUri));
        }

        var asked = new Asked(method, parameters.Select(parameter => parameter.Split('=')[0]).ToHashSet(StringComparer.Ordinal));
        if (path is not ("version" or "version/") && !IsAddress(asked, path.Split('/')))
        {
            throw new ArgumentException($"«{path}» is not the address of a Kubernetes object that may be asked for", nameof(relativeUri));
        }

        if (method == HttpMethod.Delete && hasBody && OfDeletions.Any(asked.Has))
        {
            throw new ArgumentException($"Beside a body the Kubernetes API ignores «{query}»: a dry run would delete. Set it in the body", nameof(relativeUri));
        }
    }

    private static bool IsAddress(Asked asked, string[] segments) => segments.All(segment => Segment().IsMatch(segment) && segment is not ("." or ".."))
        && segments switch
        {
            ["api", "v1", .. var rest] => IsResource(asked, rest, isCore: true),
            ["apis", _, _, .. var rest] => IsResource(asked, rest, isCore: false),
            _ => false,
        };

    private static bool IsResource(Asked asked, string[] rest, bool isCore) => rest switch
    {
        ["namespaces", _, var plural, .. var one] when !Subresources.Contains(plural) => IsOne(asked, plural, one, isCore),
        [var plural, .. var one] => IsOne(asked, plural, one, isCore),
        _ => false,
    };

    // Secrets are never read.
    private static bool IsOne(Asked asked, string plural, string[] one, bool isCore) => (asked.Method.Method, one) switch
    {
        ("GET", _) when isCore && plural == "secrets" => false,
        ("GET", []) => asked.Has("limit") || asked.Has("watch"),
        ("GET", [_]) => !asked.Has("limit") && !asked.Has("watch"),
        ("GET", [_, "log"]) => plural == "pods" && (asked.Has("tailLines") || asked.Has("follow")),
        ("POST", []) => true,
        ("POST", [_, "eviction"]) => plural == "pods",
        ("PATCH" or "PUT" or "DELETE", [_]) => true,
        _ => false,
    };

    private static bool IsParameter(string parameter) =>
        parameter.IndexOf('=', StringComparison.Ordinal) is var at and > 0 && Parameters.Contains(parameter[..at]) && Value().IsMatch(parameter.AsSpan(at + 1));

    // Names of RBAC have colons too, groups of certificates an at.
    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9._:@-]*[A-Za-z0-9])?\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Segment();

    // What Uri.EscapeDataString leaves.
    [GeneratedRegex(@"\A(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Value();

    private readonly record struct Asked(HttpMethod Method, IReadOnlySet<string> Parameters)
    {
        public bool Has(string parameter) => Parameters.Contains(parameter);
    }
}
