using System.Text.RegularExpressions;

namespace AlertResponder.Resilience.Kubernetes;

/// <summary>
/// Which addresses may be asked. The package puts names into them as they are, and names come from alerts: <c>../secrets/x</c> as the name of a
/// pod would read that secret. Checked before <see cref="Uri"/> resolves the dots. Pure.
/// </summary>
internal static partial class ApiAddress
{
    // Of the parameters that are not in the body, those that the API server ignores when there is one.
    private static readonly string[] OfDeletions = ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"];

    private static readonly HashSet<string> Subresources = new(["eviction", "log", "scale", "status", "token"], StringComparer.Ordinal);

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
        if (path is not ("version" or "version/") && !IsAddress(method, path.Split('/')))
        {
            throw new ArgumentException($"«{path}» is not the address of a Kubernetes object that may be asked for", nameof(relativeUri));
        }

        var parameters = query?.Split('&') ?? [];
        if (!parameters.All(IsParameter))
        {
            throw new ArgumentException($"«{relativeUri}» has parameters that the Kubernetes API does not have", nameof(relativeUri));
        }

        if (method == HttpMethod.Delete && hasBody && parameters.Any(parameter => OfDeletions.Contains(parameter.Split('=')[0], StringComparer.Ordinal)))
        {
            throw new ArgumentException($"Beside a body the Kubernetes API ignores «{query}»: a dry run would delete. Set it in the body", nameof(relativeUri));
        }
    }

    private static bool IsAddress(HttpMethod method, string[] segments) => segments.All(segment => Segment().IsMatch(segment) && segment is not ("." or ".."))
        && segments switch
        {
            ["api", "v1", .. var rest] => IsResource(method, rest, isCore: true),
            ["apis", _, _, .. var rest] => IsResource(method, rest, isCore: false),
            _ => false,
        };

    private static bool IsResource(HttpMethod method, string[] rest, bool isCore) => rest switch
    {
        ["namespaces", _, var plural, .. var one] when !Subresources.Contains(plural) => IsOne(method, plural, one, isCore),
        [var plural, .. var one] => IsOne(method, plural, one, isCore),
        _ => false,
    };

    // Secrets are never read.
    private static bool IsOne(HttpMethod method, string plural, string[] one, bool isCore) =>
        !(isCore && plural == "secrets" && method == HttpMethod.Get)
        && one switch
        {
            [] or [_] => true,
            [_, var subresource] => Subresources.Contains(subresource),
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
}
