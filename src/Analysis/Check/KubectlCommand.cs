using System.Text.RegularExpressions;

namespace AlertResponder.Analysis.Check;

/// <summary>
/// Which kubectl commands may be shown for copying: such that only read, without anything a shell would interpret, and never
/// of Secrets.
/// </summary>
internal static partial class KubectlCommand
{
    private const int Longest = 250;

    private static readonly HashSet<string> FlagsWithValue = new(StringComparer.Ordinal)
    {
        "-n", "--namespace", "-c", "--container", "-l", "--selector", "-o", "--output", "-L", "--label-columns", "--tail", "--since",
        "--since-time", "--sort-by", "--field-selector", "--types", "--for", "--revision", "--limit", "--chunk-size",
    };

    private static readonly HashSet<string> Switches = new(StringComparer.Ordinal)
    {
        "-A", "--all-namespaces", "-p", "--previous", "--timestamps", "--all-containers", "--show-labels", "--containers", "--prefix",
        "-w", "--watch", "--show-events", "--no-headers", "--list", "-q", "--quiet",
    };

    /// <summary>Output forms that print what kubectl prints anyway; templates and files are not among them.</summary>
    private static readonly HashSet<string> Outputs = new(StringComparer.Ordinal) { "wide", "yaml", "json", "name" };

    public static bool IsReadOnly(string command) => Arguments(command) is not null;

    /// <summary>Namespace, objects and containers that the command names; null when it is no command that may be shown.</summary>
    public static IReadOnlyList<string>? Arguments(string command)
    {
        if (command.Length > Longest || !Shape().IsMatch(command))
            return null;

        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var plain = new List<string>();
        var named = new List<string>();
        for (var i = 1; i < words.Length; i++)
        {
            var word = words[i];
            if (!word.StartsWith('-'))
            {
                plain.Add(word);
                continue;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var flag = equals < 0 ? word : word[..equals];
            if (FlagsWithValue.Contains(flag))
            {
                var value = equals >= 0 ? word[(equals + 1)..] : ++i < words.Length ? words[i] : "";
                if (value.Length == 0 || value.StartsWith('-') || (flag is "-o" or "--output" && !Outputs.Contains(value)))
                    return null;
                if (flag is "-n" or "--namespace" or "-c" or "--container")
                    named.Add(value);
            }
            else if (!Switches.Contains(flag) && !(flag == "-f" && plain.FirstOrDefault() == "logs"))
            {
                return null;
            }
        }

        var objects = Objects(plain);
        return objects is null || objects.Any(IsSecret) ? null : [.. named, .. objects];
    }

    /// <summary>What follows a verb that only reads; null for any other verb.</summary>
    private static List<string>? Objects(List<string> plain) => plain switch
    {
        ["rollout", "status" or "history", _, ..] => plain[2..],
        ["auth", "can-i", ..] => [],
        ["get" or "describe" or "logs" or "top", _, ..] => plain[1..],
        ["events", ..] => plain[1..],
        _ => null,
    };

    private static bool IsSecret(string argument) =>
        argument.Split(',', '/').Select(part => part.Split('.')[0].ToUpperInvariant()).Any(kind => kind is "SECRET" or "SECRETS");

    [GeneratedRegex(@"^kubectl( [A-Za-z0-9._/:=,@-]+)+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}
