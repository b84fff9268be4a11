using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Reuse;

/// <summary>What differs between two firings of the same trouble: names of objects that are born anew, times, addresses, counts.</summary>
internal sealed partial class Varying
{
    /// <summary>What Kubernetes makes endings of: no vowels and no digits that look like them, so that no word comes out.</summary>
    private const string Ending = "[bcdfghjklmnpqrstvwxz2456789]";

    private readonly IReadOnlyList<string> names;
    private readonly Regex bornNames;

    public Varying(ContextEnriched context)
    {
        var subject = context.Subject;
        names =
        [
            .. context.Evidence.Select(item => item.Source)
                .Where(source => IsBornAnew(source, subject))
                .Select(source => source.Name)
                .Concat(context.Evidence.Select(item => item.Facts.GetValueOrDefault(FactNames.Node)).OfType<string>().Where(node => subject.Kind != "Node" && node.Length > 0))
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(name => name.Length),
        ];

        // Siblings that are only spoken of: a ReplicaSet's hash and a pod's ending, or a Job's number, behind the name of an owner.
        var owners = context.Evidence.Where(item => item.Kind == EvidenceKind.Owner && !IsBornAnew(item.Source, subject)).Select(item => item.Source.Name)
            .Append(subject.Name).Distinct(StringComparer.Ordinal).OrderByDescending(name => name.Length).Select(Regex.Escape);
        bornNames = new Regex(
            $@"(?<![\w.-])({string.Join('|', owners)})-({Ending}{{6,10}}(-{Ending}{{5}})?|\d{{6,}}(-{Ending}{{5}})?|{Ending}{{5}})(?![\w-])",
            RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1));
    }

    /// <summary>The names of this firing, the longest first.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>An object's name as the other firings have it too.</summary>
    public string Name(string name) => Born(name);

    /// <summary>A text without what varies; its other numbers stay.</summary>
    public string Text(string text)
    {
        var same = Instant().Replace(Uid().Replace(Born(text), "‹uid›"), "‹time›");
        same = Duration().Replace(Address().Replace(same, "‹ip›"), "‹duration›");
        return Count().Replace(Hex().Replace(same, "‹hex›"), "‹count›");
    }

    /// <summary>A text's shape: all its numbers but ports are left out.</summary>
    public string Shape(string text) => Digits().Replace(Text(text), "#");

    public static bool IsBornAnew(ObjectReference source, Subject subject) =>
        source.Kind is "Pod" or "ReplicaSet" or "Job" && (source.Kind != subject.Kind || source.Name != subject.Name)
        || (source.Kind == "Node" && subject.Kind != "Node");

    private string Born(string text)
    {
        foreach (var name in names)
        {
            for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
            {
                if (IsWhole(text, at, name.Length))
                    text = $"{text[..at]}‹name›{text[(at + name.Length)..]}";
            }
        }

        return bornNames.Replace(text, "‹name›");
    }

    /// <summary>Whether what stands there is no part of a longer name. An underscore ends one: <c>pod_namespace</c>.</summary>
    public static bool IsWhole(string text, int at, int length) =>
        (at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '-'))
        && (at + length == text.Length || !(char.IsLetterOrDigit(text[at + length]) || text[at + length] is '-'));

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Uid();

    [GeneratedRegex(@"\d{4}[-/]\d\d[-/]\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?(Z| ?[+-]\d\d:?\d\d)?|\b\d\d:\d\d(:\d\d([.,]\d+)?)?\b", Options, 1000)]
    private static partial Regex Instant();

    [GeneratedRegex(@"(?<![\w.])\d{1,3}(\.\d{1,3}){3}(?![\w.]*\w)|(?<![\w:])[0-9a-f]{1,4}(:[0-9a-f]{0,4}){3,7}(?![\w:])", Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Address();

    // 500m is half a core; nobody writes 500 minutes.
    [GeneratedRegex(@"(?<![\w.])(\d+(\.\d+)?(ns|us|µs|ms|s|h|d)|\d{1,2}m)(\d+(\.\d+)?(ms|s|m|h))*(?!\w)|\b\d+(\.\d+)? ?(seconds?|minutes?|hours?|days?|secs?|mins?)\b", Options, 1000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"(?<!\w)(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,}(?!\w)", Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Hex();

    [GeneratedRegex(@"\bx\d+\b|×\d+|\b\d+ (more )?(times|restarts?)\b|\bcount=\d+", Options, 1000)]
    private static partial Regex Count();

    [GeneratedRegex(@"(?<![A-Za-z]:\d*)\d+([.,]\d+)*", Options, 1000)]
    private static partial Regex Digits();
}
