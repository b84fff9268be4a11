using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace AlertResponder.Simulators.Traffic;

/// <summary>One request as it came over the wire.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Target">Path and query exactly as sent, still percent-encoded.</param>
/// <param name="Headers">By name, whatever the case; several values of one header are joined with a comma.</param>
/// <param name="Content">The body's bytes; empty without one.</param>
/// <param name="Time">When it had arrived, by the simulator's clock, UTC.</param>
public sealed record RecordedRequest(
    string Method,
    string Target,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Content,
    DateTimeOffset Time)
{
    /// <summary>The path as sent, still percent-encoded, without the query.</summary>
    public string Path { get; } = Target.Split('?', 2)[0];

    /// <summary>The query's values, decoded; the last one where a name repeats.</summary>
    public IReadOnlyDictionary<string, string> Query { get; } = ParseQuery(Target);

    /// <summary>The body as UTF-8 text.</summary>
    public string Body => Encoding.UTF8.GetString(Content.Span);

    /// <summary><c>GET /api/v1/pods?limit=1</c>.</summary>
    public override string ToString() => $"{Method} {Target}";

    internal string? Header(string name) => Headers.GetValueOrDefault(name);

    private static Dictionary<string, string> ParseQuery(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        return question < 0
            ? []
            : QueryHelpers.ParseQuery(target[question..])
                .ToDictionary(pair => pair.Key, pair => pair.Value.LastOrDefault() ?? "", StringComparer.Ordinal);
    }
}
