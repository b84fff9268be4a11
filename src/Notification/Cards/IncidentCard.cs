using System.Globalization;
using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Notification.Cards;

/// <summary>
/// Draws the living message of an incident, whole: the cause first, then what shows it, then the small print. What a message has no
/// room for <see cref="CardFit"/> takes out. It tells what fires: a diagnosis of what is over is none any more.
/// </summary>
internal static class IncidentCard
{
    private const int MaxCause = 200;
    private const int MaxExplanation = 1_200;
    private const int MaxFinding = 200;
    private const int MaxQuote = 200;
    private const int MaxReason = 140;
    private const int MaxDoubt = 200;
    private const int MaxFindings = 8;
    private const int MaxCommands = 3;
    private const int MaxRemediations = 4;
    private const int MaxUnread = 6;
    private const int MaxFailure = 300;

    // A credential plug-in's own words come after its name.
    private const int MaxUnreadReason = 160;

    // Of two subjects in one title.
    private const int MaxOther = 60;

    /// <summary>The same snapshot always gives the same card. Where drawing it fails, by a defect, that is one of the alerts alone, which says so.</summary>
    public static Card Draw(IncidentSnapshot incident)
    {
        try
        {
            return DrawWhole(incident);
        }
        catch (Exception failure)
        {
            return DrawAlone(incident, failure);
        }
    }

    /// <summary>Why it cannot be drawn whole; null when it can.</summary>
    public static Exception? Failure(IncidentSnapshot incident)
    {
        try
        {
            _ = DrawWhole(incident);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    // From as little as can be: whatever it was that failed is not looked at again, and where it was an alert's text that fails too.
    private static Card DrawAlone(IncidentSnapshot incident, Exception failure)
    {
        var tone = incident.ResolvedAt is null ? CardTone.Warning : CardTone.Resolved;
        var title = Title(incident, tone);
        string cause;
        try
        {
            cause = AlertText(incident);
        }
        catch (Exception)
        {
            cause = "";
        }

        var where = failure.TargetSite is { DeclaringType: { } type } method ? $" in {type.Name}.{method.Name}" : "";
        return new Card(
            incident.Id,
            tone,
            title,
            cause.Length > 0 ? $"{title}: {cause}" : title,
            [
                .. cause.Length > 0 ? [new CardPart(CardPartStyle.Body, [CardLine.Of(CardSpan.Strong(cause))], Rank: 0)] : Array.Empty<CardPart>(),
                new CardPart(CardPartStyle.Quiet, [CardLine.Of(CardSpan.Plain(ForeignText.Line(
                    $"⚠️ This message could not be drawn whole ({failure.GetType().Name}{where}): above is the alert's own text; the page and kubectl have the rest", MaxFailure)))]),
            ]);
    }

    private static Card DrawWhole(IncidentSnapshot incident)
    {
        if (incident.Analysis is { } given && StandingAlerts.IsAboutWhatIsOver(given, incident.Context, incident.Subject, [.. incident.Alerts.Select(alert => alert.Alert)]))
            incident = incident with { Analysis = null };
        var alerts = AlertLines.Of(incident);
        var tone = ToneOf(incident);
        var title = Title(incident, tone);
        var cause = incident.Analysis is { } analysis
            ? ForeignText.Line(analysis.Diagnosis.Cause, MaxCause)
            : AlertText(incident);
        CardPart[] parts =
        [
            new(CardPartStyle.Body, Lede(incident, cause), Rank: 0),
            new(CardPartStyle.Quiet, Caveats(incident), Rank: 1),
            new(CardPartStyle.Body, Evidence(incident), Rank: 4),
            new(CardPartStyle.Body, alerts.HasDifferences ? alerts.Lines : [], Rank: 1),
            .. ProposalCard.Parts(incident),
            new(CardPartStyle.Body, Remediations(incident), Rank: 3),
            new(CardPartStyle.Body, Commands(incident), Rank: 5),
            new(CardPartStyle.Quiet, [.. alerts.HasDifferences ? [] : alerts.Lines, .. LeftOut(incident)], Rank: 6),
            new(CardPartStyle.Quiet, Footer(incident), Rank: 2),
        ];
        return new Card(
            incident.Id,
            tone,
            title,
            cause.Length > 0 ? $"{title}: {cause}" : title,
            [.. parts.Where(part => part.Lines.Count > 0 || part.Buttons.Count > 0)]);
    }

    private static CardTone ToneOf(IncidentSnapshot incident)
    {
        if (incident.ResolvedAt is not null)
            return CardTone.Resolved;
        if (incident.Analysis is { } analysis)
        {
            return analysis.Diagnosis.Severity switch
            {
                Severity.Critical => CardTone.Critical,
                Severity.Warning => CardTone.Warning,
                _ => CardTone.Calm,
            };
        }

        var firing = incident.Alerts.Select(alert => alert.Alert).Where(alert => alert.Status == AlertStatus.Firing).ToList();
        if (firing.Exists(alert => alert.IsUrgent()))
            return CardTone.Critical;
        return firing.Count > 0 && firing.TrueForAll(alert => alert.Severity == Severity.Info)
            ? CardTone.Calm
            : CardTone.Warning;
    }

    private static string Title(IncidentSnapshot incident, CardTone tone)
    {
        var icon = tone switch
        {
            CardTone.Resolved => "🟢",
            CardTone.Critical => "🔴",
            CardTone.Warning => "🟠",
            _ => "🔵",
        };
        if (incident.ContinuedIn is { } next)
            return $"↪️ {ForeignText.Line(incident.Subject.ToString(), MaxOther)} · continued in {ForeignText.Line(next.ToString(), MaxOther)}";
        var state = incident.ResolvedAt is { } resolvedAt ? $" · resolved after {Duration(resolvedAt - incident.OpenedAt)}" : "";
        if (incident.Reopened > 0)
            state += $" · flapping ×{Number(incident.Reopened)}";
        return $"{icon} {ForeignText.Line(incident.Subject.ToString(), Card.MaxTitle - icon.Length - 1 - state.Length)}{state}";
    }

    private static List<CardLine> Lede(IncidentSnapshot incident, string cause)
    {
        List<CardLine> lines = [];
        if (cause.Length > 0)
            lines.Add(CardLine.Of(CardSpan.Strong(cause)));
        if (incident.Analysis is { } analysis
            && ForeignText.Line(analysis.Diagnosis.Explanation, MaxExplanation) is { Length: > 0 } explanation
            && !SameText(explanation, cause))
        {
            lines.Add(CardLine.Of(CardSpan.Plain(explanation)));
        }

        return lines;
    }

    /// <summary>What the alert says of itself: told only as long as nothing better is known.</summary>
    private static string AlertText(IncidentSnapshot incident)
    {
        var texts = Standing(incident).OrderBy(alert => alert.Severity == Severity.Critical ? 0 : 1).Select(AlertText).Distinct(StringComparer.Ordinal).ToList();
        var others = texts.Count > 1 ? $", and {Number(texts.Count - 1)} more" : "";
        return texts.Count == 0 ? "" : $"{ForeignText.Line(others.Length > 0 ? texts[0].TrimEnd('.') : texts[0], MaxCause - others.Length)}{others}";
    }

    private static string AlertText(Alert alert)
    {
        var text = alert.Annotations.GetValueOrDefault("description") ?? alert.Annotations.GetValueOrDefault("summary");
        return string.IsNullOrWhiteSpace(text) ? alert.Name() : text.Trim();
    }

    private static IReadOnlyList<Alert> Standing(IncidentSnapshot incident) => incident.Alerts.Select(alert => alert.Alert).ToList().Standing();

    private static List<CardLine> Caveats(IncidentSnapshot incident)
    {
        List<CardLine> lines = [];
        if (incident.ContinuedIn is not null)
            lines.Add(CardLine.Of(CardSpan.Plain("The subject was told from names, since the cluster did not answer. It does: see the message of the true one")));
        else if (incident.ResolvedAt is not null && incident.Alerts.MaxBy(alert => alert.Alert.EndsAt) is { Confirmed: true })
            lines.Add(CardLine.Of(CardSpan.Plain("Resolved: Alertmanager no longer has it, though no webhook said so")));
        if (incident.Continued is { } before)
            lines.Add(CardLine.Of(CardSpan.Plain("↪️ Continued from "), CardSpan.Channel(before.Channel), CardSpan.Plain($": {Reason(before)}")));
        if (incident.Context?.ConnectedCluster is { } connected)
            lines.Add(CardLine.Of(CardSpan.Plain(Elsewhere(incident.Subject, connected))));
        if (incident.IsIncomplete)
            lines.Add(CardLine.Of(CardSpan.Plain("⚠️ A part of what is stored of this incident cannot be read by this version, and is left out")));
        if (incident.Analysis is not { } analysis)
        {
            if (incident.IsIncomplete)
                return lines;
            lines.Add(CardLine.Of(CardSpan.Plain(incident.ResolvedAt is not null
                ? "Resolved before it was analysed; above is the alert's own text"
                : "⏳ Not analysed yet: above is the alert's own text, the analysis follows here")));
            return lines;
        }

        if (analysis.ModelUnavailable is { } reason)
        {
            var why = ForeignText.Line(reason, MaxReason);
            lines.Add(CardLine.Of(CardSpan.Plain(why.Length > 0 ? $"⚠️ {why}" : "⚠️ Rules only, without the model")));
        }

        if (analysis.FailedRules is { Count: > 0 } failed)
            lines.Add(CardLine.Of(CardSpan.Plain(ForeignText.Line($"⚠️ {(failed.Count == 1 ? "Rule" : "Rules")} {string.Join(", ", failed)} failed: the diagnosis does without", MaxReason))));
        if (ForeignText.Line(analysis.Diagnosis.Doubt, MaxDoubt) is { Length: > 0 } doubt)
            lines.Add(CardLine.Of(CardSpan.Plain($"🤔 The model doubts it: {doubt}")));
        if (analysis.Revision < incident.Revision && incident.ResolvedAt is null)
            lines.Add(CardLine.Of(CardSpan.Plain("⏳ There is new evidence since: a fresh analysis follows here")));
        return lines;
    }

    private static string Elsewhere(Subject subject, string connected) =>
        $"⚠️ From the alert alone: it is of cluster {ForeignText.Line(subject.Cluster, MaxOther)}, and {ForeignText.Line(connected, MaxOther)} is connected";

    private static string Reason(ContinuedMessage before) => before.Reason switch
    {
        "message_not_found" => "the message was deleted",
        "edit_window_closed" => "Slack lets old messages not be edited",
        "cant_update_message" => "Slack lets that message not be edited",
        "is_archived" or "is_inactive" => "the channel is archived",
        "not_in_channel" => "the app is not in the channel any more",
        "channel_not_found" => "the channel is not there any more",
        var code => ForeignText.Line(code, MaxReason),
    };

    private static List<CardLine> Evidence(IncidentSnapshot incident)
    {
        if (incident.Analysis is not { } analysis)
            return [];

        // Evidence ids mean something only within their own revision.
        var evidence = incident.Context is { } context && context.Revision == analysis.Revision
            ? context.Evidence.DistinctBy(item => item.Id).ToDictionary(item => item.Id)
            : [];
        var findings = analysis.Diagnosis.Findings;
        var told = $"{analysis.Diagnosis.Cause}\n{analysis.Diagnosis.Explanation}\n{string.Join('\n', findings.Select(finding => finding.Text))}";
        List<CardLine> lines = [];
        var quoted = false;
        foreach (var finding in findings.Take(MaxFindings))
        {
            var cited = finding.EvidenceIds.Select(id => evidence.GetValueOrDefault(id)).OfType<Evidence>().ToList();
            var text = ForeignText.Line(finding.Text, MaxFinding);
            if (SameText(text, analysis.Diagnosis.Cause))
                text = cited.Count > 0 ? ForeignText.Line(cited[0].Text, MaxFinding) : "";
            if (text.Length > 0 && !AlertSays(incident, text))
                lines.Add(CardLine.Item(CardSpan.Plain(cited.Count > 0 ? $"{text.TrimEnd('.')} ({Citation(cited)})" : text)));

            // The last line of a log is where a crash says why; one of them is enough.
            if (!quoted
                && cited.Find(item => item.Kind is EvidenceKind.Log or EvidenceKind.PreviousLog) is { } log
                && ForeignText.LastLine(log.Text, MaxQuote) is { Length: > 0 } line
                && !told.Contains(line.TrimEnd('…'), StringComparison.Ordinal))
            {
                lines.Add(CardLine.Item(CardSpan.Plain($"{Label(log)} ends: "), CardSpan.Code(line)));
                quoted = true;
            }
        }

        if (findings.Count > MaxFindings)
            lines.Add(CardLine.Item(CardSpan.Plain($"and {Number(findings.Count - MaxFindings)} more")));
        return lines;
    }

    private static bool AlertSays(IncidentSnapshot incident, string text) => Standing(incident)
        .SelectMany(alert => alert.Annotations.Values)
        .Any(said => ForeignText.Line(said, MaxExplanation).Contains(text.TrimEnd('.', '…'), StringComparison.OrdinalIgnoreCase));

    private static string Citation(List<Evidence> cited) =>
        string.Join(", ", cited.GroupBy(Label).Take(3).Select(same => Times(same.Key, same.Count())));

    private static string Label(Evidence evidence) => evidence.Kind switch
    {
        EvidenceKind.Alert => "alert",
        EvidenceKind.Pod => "pod status",
        EvidenceKind.Container => "container status",
        EvidenceKind.Log => "log",
        EvidenceKind.PreviousLog => "previous log",
        EvidenceKind.Event => "event",
        EvidenceKind.Node => "node status",
        _ => ForeignText.Line(evidence.Source.Kind, 40),
    };

    /// <summary>A proposal is told once, as it stands now: applied becomes verified in place.</summary>
    private static List<CardLine> Remediations(IncidentSnapshot incident)
    {
        // A proposal that is there tells its own story, and an answer in the thread stands there.
        var shown = incident.Proposals.Select(proposal => proposal.Id).ToHashSet();
        var proposals = incident.Remediations.Where(remediation => remediation.ReplyTitle is null && !shown.Contains(remediation.ProposalId))
            .GroupBy(remediation => remediation.ProposalId).ToList();
        List<CardLine> lines = [];
        foreach (var proposal in proposals.TakeLast(MaxRemediations))
        {
            var last = proposal.Last();
            var change = ForeignText.Line(proposal.LastOrDefault(remediation => !string.IsNullOrWhiteSpace(remediation.Change))?.Change, MaxReason);
            var reason = ForeignText.Line(last.Reason, MaxReason);
            var what = string.Join(": ", new[] { change, reason }.Where(text => text.Length > 0));
            lines.Add(CardLine.Of(
                CardSpan.Strong($"{OutcomeIcon(last.Outcome)} {last.Outcome}"),
                CardSpan.Plain($" {what} — {ForeignText.Line(proposal.First().RequestedBy, 60)}, {last.CompletedAt.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC")));
        }

        if (proposals.Count > MaxRemediations)
            lines.Insert(0, CardLine.Of(CardSpan.Plain($"{Number(proposals.Count - MaxRemediations)} earlier")));
        return lines;
    }

    private static string OutcomeIcon(RemediationOutcome outcome) => outcome switch
    {
        RemediationOutcome.Applied => "🔧",
        RemediationOutcome.Verified => "✅",
        RemediationOutcome.Undone => "↩️",
        RemediationOutcome.Refused => "🚫",
        RemediationOutcome.Failed => "❌",
        _ => "⚠️",
    };

    private static List<CardLine> Commands(IncidentSnapshot incident) =>
        incident is { Analysis: { } analysis, ResolvedAt: null }
            ? [.. analysis.Commands
                .Select(command => ForeignText.Line(command, MaxQuote))
                .Where(command => command.Length > 0)
                .Take(MaxCommands)
                .Select(command => CardLine.Of(CardSpan.Code(command)))]
            : [];

    private static List<CardLine> LeftOut(IncidentSnapshot incident)
    {
        List<CardLine> lines = [];
        if (incident.TruncatedAlerts > 0)
            lines.Add(CardLine.Of(CardSpan.Plain($"⚠️ Alertmanager left {Number(incident.TruncatedAlerts)} more of the group out (max_alerts)")));

        if (incident.Context is { Unread: { Count: > 0 } unread })
        {
            var told = unread.Take(MaxUnread).Select(source => $"{ForeignText.Line(source.What, 100)} ({ForeignText.Line(source.Reason, MaxUnreadReason)})");
            lines.Add(CardLine.Of(CardSpan.Plain($"⚠️ Could not read: {string.Join(", ", told)}{More(unread.Count - MaxUnread)}")));
        }

        return lines;
    }

    private static List<CardLine> Footer(IncidentSnapshot incident)
    {
        List<CardLine> lines = [];
        List<CardSpan> links = [];
        AddLink("Prometheus", Standing(incident).Select(alert => alert.GeneratorUrl));
        AddLink("Runbook", Standing(incident).Select(alert => alert.Annotations.GetValueOrDefault("runbook_url")));
        AddLink("Alertmanager", [incident.ExternalUrl]);
        if (links.Count > 0)
            lines.Add(new CardLine(links));

        if (incident.Analysis is { } analysis)
            lines.Add(CardLine.Of(CardSpan.Plain(Provenance(analysis))));

        // With one cluster, which is what most have, it is right: worth no more than small print.
        if (incident.Context is { IsClusterAssumed: true })
            lines.Add(CardLine.Of(CardSpan.Plain($"Cluster {ForeignText.Line(incident.Subject.Cluster, MaxOther)} is taken for the connected one (Kubernetes:ClusterName is not set)")));
        lines.Add(CardLine.Of(CardSpan.Plain(Times(incident))));
        return lines;

        void AddLink(string label, IEnumerable<string?> addresses)
        {
            if (addresses.Select(WebLink.Parse).FirstOrDefault(address => address is not null) is not { } target)
                return;
            if (links.Count > 0)
                links.Add(CardSpan.Plain(" · "));
            links.Add(CardSpan.Link(label, target));
        }
    }

    private static string Provenance(AnalysisCompleted analysis)
    {
        List<string> facts = [];
        var model = ForeignText.Line(analysis.ModelId, 80);
        facts.Add(analysis.Origin switch
        {
            AnalysisOrigin.Model when model.Length > 0 => model,
            AnalysisOrigin.Model => "model",
            AnalysisOrigin.Reused => model.Length > 0 ? $"reused from an earlier analysis by {model}" : "reused from an earlier analysis",
            _ => "rules only",
        });
        if (analysis.Diagnosis.Confidence != Confidence.High)
            facts.Add(analysis.Diagnosis.Confidence == Confidence.Low ? "low confidence" : "medium confidence");
        if (analysis.InputTokens > 0 || analysis.OutputTokens > 0)
            facts.Add($"{Number(analysis.InputTokens)} + {Number(analysis.OutputTokens)} tokens");
        facts.Add($"${Cost(analysis.CostUsd)}");
        return string.Join(" · ", facts);
    }

    private static string Times(IncidentSnapshot incident)
    {
        var opened = incident.OpenedAt.UtcDateTime;
        var text = $"Opened {opened.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}";
        if (incident.ResolvedAt is { } resolvedAt)
            text += $" · resolved {Since(resolvedAt.UtcDateTime)}";
        else if (LastChange(incident) is { } changed && changed.UtcDateTime > opened)
            text += $" · updated {Since(changed.UtcDateTime)}";
        return text + " UTC";

        string Since(DateTime time) =>
            time.ToString(time.Date == opened.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    private static DateTimeOffset? LastChange(IncidentSnapshot incident) =>
        new[] { incident.Analysis?.AnalyzedAt, incident.Context?.EnrichedAt }
            .Concat(incident.Remediations.Where(remediation => remediation.ReplyTitle is null).Select(remediation => (DateTimeOffset?)remediation.CompletedAt))
            .Concat(incident.Proposals.Select(proposal => proposal.EndedAt ?? proposal.AppliedAt ?? proposal.RequestedAt))
            .Max();

    private static bool SameText(string one, string other) =>
        string.Equals(one.Trim().TrimEnd('.'), other.Trim().TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    private static string Times(string what, int count) => count > 1 ? $"{what} ×{Number(count)}" : what;

    private static string More(int count) => count > 0 ? $" and {Number(count)} more" : "";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Two significant digits, and cents at least: a call of a small model costs some thousandths of a cent.</summary>
    private static string Cost(decimal usd)
    {
        if (usd <= 0)
            return "0";
        var decimals = 2;
        for (var scaled = usd; scaled < 0.1m && decimals < 10; scaled *= 10)
            decimals++;
        return usd.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => "1 s",
        { TotalMinutes: < 1 } => $"{Number(duration.Seconds)} s",
        { TotalHours: < 1 } => $"{Number(duration.Minutes)} min",
        { TotalDays: < 1 } => duration.Minutes > 0 ? $"{Number(duration.Hours)} h {Number(duration.Minutes)} min" : $"{Number(duration.Hours)} h",
        _ => duration.Hours > 0 ? $"{Number(duration.Days)} d {Number(duration.Hours)} h" : $"{Number(duration.Days)} d",
    };
}
