using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AlertResponder.Tests.EndToEnd.Compose;

/// <summary>
/// A compose file: what <c>docker-compose.yml</c> uses of the format. A key or a form that is not known here is an error, so that the
/// file can't say what its test does not act upon.
/// </summary>
internal sealed partial class ComposeFile
{
    public required string Name { get; init; }

    public required Dictionary<string, ComposeService> Services { get; init; }

    public required Dictionary<string, ComposeConfig> Configs { get; init; }

    public required Dictionary<string, object?> Volumes { get; init; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variables">What the environment or <c>.env</c> would set.</param>
    /// <exception cref="YamlException">It has a key that is not known here.</exception>
    /// <exception cref="FormatException">It has a variable in a form that is not known here.</exception>
    public static ComposeFile Read(string path, IReadOnlyDictionary<string, string>? variables = null)
    {
        // Merge keys are resolved by the first reading, and the x- sections, which are there to be merged, left out.
        using var text = new StringReader(File.ReadAllText(path));
        var sections = new Deserializer().Deserialize<Dictionary<string, object?>>(new MergingParser(new Parser(text)))
            .Where(section => !section.Key.StartsWith("x-", StringComparison.Ordinal))
            .ToDictionary(section => section.Key, section => Interpolate(section.Value, variables ?? new Dictionary<string, string>()));
        var yaml = new SerializerBuilder().DisableAliases().Build().Serialize(sections);
        return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<ComposeFile>(yaml);
    }

    /// <summary>The names of the variables that a file's text uses.</summary>
    public static IEnumerable<string> Variables(string text) => Variable().Matches(text).Select(match => match.Groups["name"].Value).Distinct();

    private static object? Interpolate(object? node, IReadOnlyDictionary<string, string> variables) => node switch
    {
        IDictionary<object, object?> map => map.ToDictionary(entry => entry.Key, entry => Interpolate(entry.Value, variables)),
        IEnumerable<object?> list => list.Select(item => Interpolate(item, variables)).ToList(),
        string text => Interpolate(text, variables),
        _ => node,
    };

    private static string Interpolate(string text, IReadOnlyDictionary<string, string> variables)
    {
        var value = Variable().Replace(text, match =>
            variables.TryGetValue(match.Groups["name"].Value, out var set) && (set.Length > 0 || !match.Groups["orEmpty"].Success) ? set : match.Groups["default"].Value);
        return value.Contains('$', StringComparison.Ordinal) ? throw new FormatException($"A variable has another form than ${{NAME-default}} or ${{NAME:-default}}: {text}") : value;
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)(?<orEmpty>:)?-(?<default>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}

/// <summary>A service, with the keys of the format.</summary>
internal sealed class ComposeService
{
    public required string Image { get; init; }

    public string? PullPolicy { get; init; }

    public ComposeBuild? Build { get; init; }

    public List<string> Command { get; init; } = [];

    public Dictionary<string, string> Environment { get; init; } = [];

    public Dictionary<string, ComposeDependency> DependsOn { get; init; } = [];

    public required ComposeHealthcheck Healthcheck { get; init; }

    public List<string> Volumes { get; init; } = [];

    public List<ComposeConfigMount> Configs { get; init; } = [];

    public required List<string> Expose { get; init; }

    public List<string> Ports { get; init; } = [];

    public Dictionary<string, ComposeNetworkMembership> Networks { get; init; } = [];

    public required string Restart { get; init; }

    public string? User { get; init; }

    public string? Hostname { get; init; }

    public string? StopGracePeriod { get; init; }

    public bool ReadOnly { get; init; }

    public List<string> Tmpfs { get; init; } = [];

    public required List<string> CapDrop { get; init; }

    public required List<string> SecurityOpt { get; init; }
}

internal sealed record ComposeBuild
{
    public required string Context { get; init; }

    public required string Dockerfile { get; init; }

    public Dictionary<string, string> Args { get; init; } = [];
}

internal sealed record ComposeDependency
{
    public required string Condition { get; init; }
}

internal sealed record ComposeHealthcheck
{
    public required List<string> Test { get; init; }

    public required string Interval { get; init; }

    public required string Timeout { get; init; }

    public required string StartPeriod { get; init; }

    public required string StartInterval { get; init; }
}

internal sealed record ComposeConfig
{
    public required string Content { get; init; }
}

internal sealed record ComposeConfigMount
{
    public required string Source { get; init; }

    public required string Target { get; init; }
}

internal sealed record ComposeNetworkMembership
{
    public List<string> Aliases { get; init; } = [];
}
