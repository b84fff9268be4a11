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
        "--sort-by", "--field-selector", "--types", "--for", "--revision", "--limit", "--chunk-size",
    };

    private static readonly HashSet<string> Switches = new(StringComparer.Ordinal)
    {
        "-A", "--all-namespaces", "-p", "--previous", "--timestamps", "--all-containers", "--show-labels", "--containers", "--prefix",
        "-w", "--watch", "--show-events", "--no-headers", "--list", "-q", "--quiet",
    };

    /// <summary>Output forms that print what kubectl prints anyway; templates and files are not among them.</summary>
    private static readonly HashSet<string> Outputs = new(StringComparer.Ordinal) { "wide", "yaml", "json", "name" };

    /// <summary>What is selected by that names nothing.</summary>
    private static readonly HashSet<string> States = new(StringComparer.Ordinal)
    {
        "Running", "Pending", "Failed", "Succeeded", "Unknown", "Warning", "Normal", "true", "false", "Pod", "Node",
    };

    public static bool IsReadOnly(string command) => Names(command) is not null;

    /// <summary>Every name in the command: namespace, objects, containers, what is selected by; null when it is no command that may be shown.</summary>
    public static IReadOnlyList<string>? Names(string command)
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
                if (value.Length == 0 || value.StartsWith('-') || !Fits(flag, value))
                    return null;
                if (flag is "-n" or "--namespace" or "-c" or "--container" or "--for")
                    named.Add(value);
                else if (flag is "-l" or "--selector" or "--field-selector")
                    named.AddRange(value.Split(',').Select(pair => pair[(pair.LastIndexOf('=') + 1)..]).Where(selected => !States.Contains(selected)));
            }
            else if (!Switches.Contains(flag) && !(flag == "-f" && plain.FirstOrDefault() == "logs"))
            {
                return null;
            }
        }

        var objects = Objects(plain);
        return objects is null || objects.Any(IsSecret)
            ? null
            : [.. named.Concat(objects).SelectMany(name => name.Split('/', ',')).Where(name => name.Length > 0 && !ResourceKinds().IsMatch(name))];
    }

    /// <summary>Whether the value is one that the flag can have: a number, a time, a column, a form of output.</summary>
    private static bool Fits(string flag, string value) => flag switch
    {
        "-o" or "--output" => Outputs.Contains(value),
        "--tail" or "--since" or "--revision" or "--limit" or "--chunk-size" => Amount().IsMatch(value),
        "--sort-by" or "--types" or "-L" or "--label-columns" => Column().IsMatch(value),
        _ => true,
    };

    /// <summary>What follows a verb that only reads; null for any other verb.</summary>
    private static List<string>? Objects(List<string> plain) => plain switch
    {
        ["rollout", "status" or "history", _, ..] => plain[2..],
        ["auth", "can-i", "get" or "list" or "watch", ..] => plain[3..],
        ["get" or "describe" or "logs" or "top", _, ..] => plain[1..],
        ["events", ..] => plain[1..],
        _ => null,
    };

    private static bool IsSecret(string argument) =>
        argument.Split(',', '/').Select(part => part.Split('.')[0].ToUpperInvariant()).Any(kind => kind is "SECRET" or "SECRETS");

    [GeneratedRegex(@"^kubectl( [A-Za-z0-9._/:=,@-]+)+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();

    [GeneratedRegex(@"^-?\d{1,9}[smhd]?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Amount();

    [GeneratedRegex(@"^[A-Za-z.,]+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Column();

    [GeneratedRegex(
        @"^(all|pods?|po|deployments?|deploy|replicasets?|rs|statefulsets?|sts|daemonsets?|ds|jobs?|cronjobs?|cj|nodes?|no|events?|ev|services?|svc|endpoints?|ep|endpointslices?|ingress(es)?|ing|configmaps?|cm|namespaces?|ns|persistentvolumes?|pv|persistentvolumeclaims?|pvc|storageclass(es)?|sc|networkpolic(y|ies)|netpol|resourcequotas?|quota|limitranges?|hpa|horizontalpodautoscalers?|pdb|poddisruptionbudgets?|certificates?|ingressroutes?|volumes?)(\.[a-z0-9.]+)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ResourceKinds();
}
