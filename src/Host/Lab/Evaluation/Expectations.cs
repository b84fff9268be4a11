using AlertResponder.Analysis;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>What a scenario's author expects of the card and of the suggested actions.</summary>
/// <param name="MustMention">All of them.</param>
/// <param name="MustNotMention">None of them.</param>
/// <param name="AllowedActions">What may be suggested besides what only reads; null where the author does not say.</param>
/// <param name="ForbiddenActions">What must not be suggested.</param>
/// <param name="Warnings">What in the file has no meaning here.</param>
internal sealed record Expectations(
    IReadOnlyList<Mention> MustMention,
    IReadOnlyList<Mention> MustNotMention,
    IReadOnlyList<string>? AllowedActions,
    IReadOnlyList<string> ForbiddenActions,
    IReadOnlyList<string> Warnings)
{
    private const string Any = "*";
    private static readonly string[] EveryAction = ["*", "any", "all", "anything", "everychange"];
    private static readonly string[] NoAction = ["none", "nothing", "readonly", "noaction", "noactions"];

    /// <summary>For people alone.</summary>
    private static readonly string[] Remarks =
        ["name", "title", "description", "summary", "comment", "comments", "note", "notes", "why", "source", "sources", "reference", "references", "tags", "labels", "kind", "category", "type", "cause", "rootcause", "explanation"];

    /// <summary>Reads an <c>expected.yml</c>.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="yaml">What it holds.</param>
    /// <exception cref="FormatException">It cannot be read; the message names the file and the line.</exception>
    public static Expectations Parse(string file, string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new FormatException($"{file}({e.Start.Line}): {e.InnerException?.Message ?? e.Message}", e);
        }

        var entries = new Entries(file);
        if (stream.Documents.Count > 0)
            entries.Take(stream.Documents[0].RootNode as YamlMappingNode ?? throw new FormatException($"{file}(1): it is no mapping of keys such as mustMention."), "");
        return new Expectations(entries.MustMention, entries.MustNotMention, entries.Allowed, entries.Forbidden, entries.Warnings);
    }

    /// <summary>Whether an action that changes something is against what is expected.</summary>
    /// <param name="kind">By its name in the catalogue.</param>
    public bool Forbids(string kind) => !ActionKinds.IsReadOnly(kind)
        && ((AllowedActions is { } allowed && !allowed.Contains(Any) && !allowed.Contains(Letters(kind)))
            || ForbiddenActions.Contains(Any) || ForbiddenActions.Contains(Letters(kind)));

    /// <summary>What is left of a name when its spelling does not count: <c>Increase memory limit</c>, <c>increaseMemoryLimit</c>.</summary>
    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private sealed class Entries(string file)
    {
        public List<Mention> MustMention { get; } = [];

        public List<Mention> MustNotMention { get; } = [];

        public List<string>? Allowed { get; private set; }

        public List<string> Forbidden { get; } = [];

        public List<string> Warnings { get; } = [];

        /// <param name="mapping">Keys and what they have.</param>
        /// <param name="above">The keys around it, as in <c>actions: {allowed: []}</c>.</param>
        public void Take(YamlMappingNode mapping, string above)
        {
            foreach (var (key, value) in mapping.Children)
            {
                var name = above + Letters(((YamlScalarNode)key).Value ?? "");
                if (above.Length == 0 && value is YamlMappingNode parts && parts.Children.Keys.All(part => Meaning(name + Letters(part.ToString())) != Section.Unknown))
                {
                    Take(parts, name);
                    continue;
                }

                switch (Meaning(name))
                {
                    case Section.MustMention:
                        MustMention.AddRange(Mentions(value));
                        break;
                    case Section.MustNotMention:
                        MustNotMention.AddRange(Mentions(value));
                        break;
                    case Section.Allowed:
                        (Allowed ??= []).AddRange(Actions(value));
                        break;
                    case Section.Forbidden:
                        Forbidden.AddRange(Actions(value));
                        break;
                    case Section.Unknown:
                        Warnings.Add($"{file}({key.Start.Line}): the key {key} has no meaning; known are mustMention, mustNotMention, allowedActions and forbiddenActions.");
                        break;
                }
            }
        }

        private static Section Meaning(string key) => key switch
        {
            "mustmention" or "mustmentions" or "mentions" or "mention" or "must" or "mentionmust" or "mentionsmust" or "cardmustmention" or "mustcontain" or "contains" => Section.MustMention,
            "mustnotmention" or "mustnotmentions" or "notmention" or "notmentions" or "mustnot" or "mentionmustnot" or "mentionsmustnot" or "nevermention" or "forbiddenmentions"
                or "mentionnot" or "cardmustnotmention" or "mustnotcontain" or "mentionsforbidden" => Section.MustNotMention,
            "allowedactions" or "allowedaction" or "actionsallowed" or "allowed" or "allowactions" => Section.Allowed,
            "forbiddenactions" or "forbiddenaction" or "actionsforbidden" or "forbidden" or "forbidactions" or "disallowedactions" => Section.Forbidden,
            _ when Remarks.Contains(key, StringComparer.Ordinal) => Section.Remark,
            _ => Section.Unknown,
        };

        private IEnumerable<Mention> Mentions(YamlNode node) => Items(node).Select(item =>
        {
            try
            {
                return Mention.Parse([.. Texts(item)]);
            }
            catch (FormatException e)
            {
                throw new FormatException($"{file}({item.Start.Line}): {e.Message}", e);
            }
        }).Where(mention => mention.Patterns.Count > 0);

        private IEnumerable<string> Actions(YamlNode node) => Items(node).SelectMany(Texts)
            .SelectMany(text => text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(text => EveryAction.Contains(text, StringComparer.OrdinalIgnoreCase) || Letters(text) is "any" or "all" ? Any : Letters(text))
            .Where(action => !NoAction.Contains(action, StringComparer.Ordinal));

        private static IEnumerable<YamlNode> Items(YamlNode node) => node switch
        {
            YamlSequenceNode items => items.Children,
            YamlScalarNode { Value: null or "" or "~" or "null" } => [],
            _ => [node],
        };

        /// <summary>A text, or the alternatives of a list or of <c>any: [...]</c>.</summary>
        private IEnumerable<string> Texts(YamlNode item) => item switch
        {
            YamlScalarNode scalar => [scalar.Value ?? ""],
            YamlSequenceNode alternatives => alternatives.Children.SelectMany(Texts),
            YamlMappingNode mapping => mapping.Children.SelectMany(pair =>
                Letters(pair.Key.ToString()) is "any" or "anyof" or "oneof" or "or" or "text" or "name" or "kind" or "action"
                    ? Texts(pair.Value)
                    : throw new FormatException($"{file}({pair.Key.Start.Line}): {pair.Key} is neither a text nor a list of alternatives. A text with a colon needs quotes.")),
            _ => throw new FormatException($"{file}({item.Start.Line}): this is neither a text nor a list."),
        };
    }

    private enum Section
    {
        Unknown,
        Remark,
        MustMention,
        MustNotMention,
        Allowed,
        Forbidden,
    }
}
