using AlertResponder.Contracts;

namespace AlertResponder.Incidents;

/// <summary>What still burns of an incident, and whether what is said of it is about that. Pure.</summary>
public static class StandingAlerts
{
    // Shorter values (0, eu, prod-1's "1") stand in any text.
    private const int ShortestName = 3;
    private const int ShortestText = 12;

    private static readonly string[] Texts = ["summary", "message", "description"];

    /// <summary>The firing ones; all of them when none is.</summary>
    public static IReadOnlyList<Alert> Standing(this IReadOnlyList<Alert> alerts)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        var firing = alerts.Where(alert => alert.Status == AlertStatus.Firing).ToList();
        return firing.Count > 0 ? firing : alerts;
    }

    /// <summary>
    /// Whether a diagnosis names what only alerts name that are over by now, while others still fire. What did not fire when its
    /// evidence was read, or what the sick thing itself is called, it names knowingly.
    /// </summary>
    /// <param name="analysis">The diagnosis.</param>
    /// <param name="context">The newest evidence; of another revision it does not tell what the diagnosis knew.</param>
    /// <param name="subject">What is sick.</param>
    /// <param name="alerts">The incident's alerts as they are now.</param>
    public static bool IsAboutWhatIsOver(AnalysisCompleted analysis, ContextEnriched? context, Subject subject, IReadOnlyList<Alert> alerts)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(alerts);

        // Those that fire, since of those that are over not all may have had room.
        var fired = context?.Revision == analysis.Revision
            ? context.Alerts.Where(alert => alert.Status == AlertStatus.Firing).Select(alert => (alert.Fingerprint, alert.StartsAt)).ToHashSet()
            : null;
        var firing = alerts.Where(alert => alert.Status == AlertStatus.Firing).ToList();
        var over = alerts.Where(alert => alert.Status == AlertStatus.Resolved && fired?.Contains((alert.Fingerprint, alert.StartsAt)) != false).ToList();
        if (firing.Count == 0 || over.Count == 0)
            return false;

        var diagnosis = analysis.Diagnosis;
        string[] said = [diagnosis.Cause, diagnosis.Explanation, .. diagnosis.Findings.Select(finding => finding.Text)];
        string[] stillSaid = [.. firing.SelectMany(Words), subject.Kind, subject.Name, subject.Namespace ?? "", subject.Cluster ?? ""];
        return over.SelectMany(Words).Distinct(StringComparer.Ordinal)
            .Any(word => !Array.Exists(stillSaid, text => Names(text, word)) && Array.Exists(said, text => Names(text, word)));
    }

    /// <summary>What an alert calls things by: its name, its labels' values, an address also without its port, and its own text.</summary>
    private static IEnumerable<string> Words(Alert alert)
    {
        foreach (var value in alert.Labels.Where(label => label.Key != "severity").Select(label => label.Value.Trim()).Where(value => value.Length >= ShortestName))
        {
            yield return value;
            if (value.LastIndexOf(':') is >= ShortestName and var port && int.TryParse(value.AsSpan(port + 1), out _))
                yield return value[..port];
        }

        foreach (var text in Texts.Select(name => alert.Annotations.GetValueOrDefault(name)?.Trim().TrimEnd('.')).OfType<string>().Where(text => text.Length >= ShortestText))
            yield return text;
    }

    /// <summary>Whether the text has the word as a whole: <c>db-1</c> is not in <c>db-12</c>, nor <c>web</c> in <c>web-1</c>.</summary>
    private static bool Names(string text, string word)
    {
        for (var start = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); start >= 0; start = text.IndexOf(word, start + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (!GoesOn(text, start - 1, -1) && !GoesOn(text, start + word.Length, 1))
                return true;
        }

        return false;
    }

    // A dot is a part of a name where another part of it follows.
    private static bool GoesOn(string text, int index, int step) => At(text, index) is var next
        && (char.IsLetterOrDigit(next) || next is '-' or '_' || (next == '.' && char.IsLetterOrDigit(At(text, index + step))));

    private static char At(string text, int index) => index >= 0 && index < text.Length ? text[index] : ' ';
}
