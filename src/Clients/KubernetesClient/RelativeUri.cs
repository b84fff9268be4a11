using System.Globalization;
using k8s.Models;

namespace k8s;

/// <summary>The parts of a request's address below the API server's.</summary>
internal static class RelativeUri
{
    /// <summary>The objects of one kind in a namespace.</summary>
    public static string All(string group, string namespaceParameter, string plural) => $"{group}/namespaces/{Segment(namespaceParameter)}/{plural}";

    public static string One(string group, string namespaceParameter, string plural, string name) =>
        $"{All(group, namespaceParameter, plural)}/{Segment(name)}";

    /// <summary>A name as one segment of a path. Names come from alerts: none may lead to another path.</summary>
    /// <exception cref="ArgumentException">No object can have this name.</exception>
    public static string Segment(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." or ".." || name.AsSpan().ContainsAny('/', '%'))
            throw new ArgumentException($"«{name}» is not the name of a Kubernetes object", nameof(name));
        return Uri.EscapeDataString(name);
    }

    public static string Page(string continueParameter, string fieldSelector, string labelSelector, int? limit) => Query(
        ("continue", continueParameter), ("fieldSelector", fieldSelector), ("labelSelector", labelSelector), ("limit", limit));

    public static string Change(string dryRun, string fieldManager, string fieldValidation, bool? force = null) =>
        Query(("dryRun", dryRun), ("fieldManager", fieldManager), ("fieldValidation", fieldValidation), ("force", force));

    /// <exception cref="ArgumentException">The server ignores the parameters, even the dry run, when there is a body.</exception>
    public static string Deletion(V1DeleteOptions body, string dryRun, int? gracePeriodSeconds, string propagationPolicy)
    {
        var query = Query(("dryRun", dryRun), ("gracePeriodSeconds", gracePeriodSeconds), ("propagationPolicy", propagationPolicy));
        return body is null || query.Length == 0
            ? query
            : throw new ArgumentException($"With a body the server ignores {query}: set it in the body", nameof(body));
    }

    /// <summary>With its question mark; empty when every value is null.</summary>
    public static string Query(params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var query = "";
        foreach (var (name, value) in parameters)
        {
            var text = value is bool flag ? flag ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture);
            if (value is not null)
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(text!)}";
        }

        return query;
    }
}
