namespace AlertResponder.Contracts;

/// <summary>What rule writers call how bad an alert is, and what we take it for. Case and the spaces around a word don't count.</summary>
/// <param name="Meanings">The words, in capital letters, and what they mean.</param>
public sealed record SeverityWords(IReadOnlyDictionary<string, Severity> Meanings)
{
    /// <summary>What is wrong with a configuration of which <see cref="Configured"/> makes nothing.</summary>
    public const string Problem =
        "Gateway:SeverityWords has a word that means neither critical, warning nor info: give it one of them, as in Gateway:SeverityWords:sev-1=critical.";

    /// <summary>The labels that say it: of an alert that has several the first whose word is known.</summary>
    private static readonly string[] Labels = ["severity", "sloth_severity", "priority"];

    /// <summary>The table as it is without configuration.</summary>
    public static SeverityWords Shipped { get; } = new SeverityWords(new Dictionary<string, Severity>()).With(
    [
        .. All(Severity.Critical, "critical crit page pager p0 p1 sev0 sev1 emergency emerg fatal disaster panic alert error err high highest major severe urgent blocker"),
        .. All(Severity.Warning, "warning warn ticket p2 p3 sev2 sev3 average medium moderate minor"),
        .. All(Severity.Info, "info information informational notice ok normal low lowest p4 p5 sev4 sev5 debug"),
    ]);

    /// <summary>The table with the words of a configuration (<c>Gateway:SeverityWords</c>); null where one means nothing.</summary>
    /// <param name="meanings">The words, and what they mean: <c>critical</c>, <c>warning</c> or <c>info</c>.</param>
    public static SeverityWords? Configured(IEnumerable<KeyValuePair<string, string>> meanings)
    {
        ArgumentNullException.ThrowIfNull(meanings);
        List<KeyValuePair<string, Severity>> words = [];
        foreach (var (word, meaning) in meanings)
        {
            if (!Enum.TryParse<Severity>(meaning, ignoreCase: true, out var severity) || !Enum.IsDefined(severity))
            {
                return null;
            }

            words.Add(KeyValuePair.Create(word, severity));
        }

        return Shipped.With(words);
    }

    /// <summary>The table with further words, which count before those that it has.</summary>
    public SeverityWords With(IEnumerable<KeyValuePair<string, Severity>> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var meanings = new Dictionary<string, Severity>(Meanings, StringComparer.Ordinal);
        foreach (var (word, severity) in more)
        {
            meanings[Normalized(word)] = severity;
        }

        return new SeverityWords(meanings);
    }

    /// <summary>What the labels say; null when that is no word of the table.</summary>
    public Severity? Of(IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        foreach (var name in Labels)
        {
            if (labels.TryGetValue(name, out var word) && Meanings.TryGetValue(Normalized(word), out var severity))
            {
                return severity;
            }
        }

        return null;
    }

    private static string Normalized(string word) => word.Trim().ToUpperInvariant();

    private static IEnumerable<KeyValuePair<string, Severity>> All(Severity severity, string words) => words.Split(' ').Select(word => KeyValuePair.Create(word, severity));
}
