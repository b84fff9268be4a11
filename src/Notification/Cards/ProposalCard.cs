using System.Globalization;
using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Notification.Cards;

/// <summary>Draws what can be done about an incident, and what has been: an offer has buttons, and each step after it changes its line in place.</summary>
internal static class ProposalCard
{
    private const int MaxTitle = 120;
    private const int MaxCaution = 160;
    private const int MaxProgress = 160;
    private const int MaxPerson = 60;
    private const int MaxDiffLines = 8;
    private const int MaxDiffLine = 120;
    private const int MaxOffers = 4;
    private const int MaxOthers = 10;
    private const int MaxRequested = 5;

    /// <summary>The same snapshot always gives the same parts.</summary>
    public static IEnumerable<CardPart> Parts(IncidentSnapshot incident)
    {
        var requested = incident.Proposals.Where(proposal => proposal.State != ProposalState.Offered).ToList();
        if (requested.Count > MaxRequested)
            yield return new CardPart(CardPartStyle.Quiet, [CardLine.Of(CardSpan.Plain($"{requested.Count - MaxRequested} earlier requests"))], Rank: 3);
        foreach (var proposal in requested.TakeLast(MaxRequested))
            yield return new CardPart(CardPartStyle.Body, [Step(proposal)]) { Buttons = [.. Buttons(proposal, incident)] };
        if (incident.ResolvedAt is not null)
            yield break;

        var offers = incident.Proposals.Where(proposal => proposal.State == ProposalState.Offered).ToList();
        foreach (var (index, proposal) in offers.Where(proposal => proposal.Diff is not null).Take(MaxOffers).Index())
        {
            yield return new CardPart(CardPartStyle.Body, [.. Offer(proposal)]);
            yield return new CardPart(CardPartStyle.Preformatted, [.. ShortDiff(proposal)], Rank: 3)
            {
                Buttons =
                [
                    Execute(proposal, Title(proposal), index == 0),
                    new CardButton(RemediationVerb.Preview, proposal.Id, "Show diff"),
                ],
            };
        }

        // What has no diff needs no lines of its own: its button says it all.
        var others = offers.Where(proposal => proposal.Diff is null).Take(MaxOthers).ToList();
        yield return new CardPart(CardPartStyle.Body, [])
        {
            Buttons = [.. others.Select(proposal => Execute(proposal, Title(proposal), isBest: false))],
        };
    }

    /// <summary>One request's line.</summary>
    public static CardLine Step(ProposalSnapshot proposal)
    {
        List<CardSpan> spans = [CardSpan.Plain($"{Icon(proposal.State)} "), CardSpan.Strong(Title(proposal)), CardSpan.Plain($" — {State(proposal)}")];
        AddPerson("requested by", proposal.RequestedBy);
        AddPerson("approved by", proposal.ApprovedBy);
        AddPerson(IsSilence(proposal) ? "lifted by" : "undo by", proposal.UndoneBy);
        if ((proposal.EndedAt ?? proposal.AppliedAt ?? proposal.RequestedAt) is { } time)
            spans.Add(CardSpan.Plain($", {Clock(time)} UTC"));
        return new CardLine(spans);

        void AddPerson(string how, string? person)
        {
            if (ForeignText.Line(person, MaxPerson) is not { Length: > 0 } id)
                return;
            spans.Add(CardSpan.Plain($", {how} "));
            spans.Add(CardSpan.Person(id));
        }
    }

    private static IEnumerable<CardButton> Buttons(ProposalSnapshot proposal, IncidentSnapshot incident)
    {
        if (proposal.State == ProposalState.AwaitingSecond && incident.ResolvedAt is null)
        {
            yield return Execute(proposal, $"Approve: {Title(proposal)}", isBest: false);
            if (proposal.Diff is not null)
                yield return new CardButton(RemediationVerb.Preview, proposal.Id, "Show diff");
        }

        if (proposal.CanBeUndone)
        {
            var (button, question, answer, text) = IsSilence(proposal)
                ? ("Lift silence", "Lift this silence?", "Lift", $"The alerts are heard again: {Title(proposal)}")
                : ("Undo", "Undo this?", "Undo", $"Puts back what was before: {Title(proposal)}");
            yield return new CardButton(RemediationVerb.Undo, proposal.Id, button, Confirm: new CardConfirm(question, ForeignText.Line(text, CardConfirm.MaxText), answer));
        }
    }

    private static CardButton Execute(ProposalSnapshot proposal, string text, bool isBest)
    {
        var style = proposal.Risk == RiskClass.Destructive ? CardButtonStyle.Danger : isBest ? CardButtonStyle.Primary : CardButtonStyle.Plain;
        return new CardButton(
            RemediationVerb.Execute, proposal.Id, ForeignText.Line(text, CardButton.MaxText), style, proposal.Risk == RiskClass.ReadOnly ? null : Confirm(proposal));
    }

    private static CardConfirm Confirm(ProposalSnapshot proposal)
    {
        var what = ForeignText.Block(string.Join('\n', proposal.ShortDiff, proposal.Caution), CardConfirm.MaxText).Replace('\t', ' ').Trim();
        return new CardConfirm(
            ForeignText.Line($"{Title(proposal)}?", CardConfirm.MaxTitle),
            what.Length > 0 ? what : ForeignText.Line($"{Title(proposal)}. It is done at once.", CardConfirm.MaxText),
            proposal.State == ProposalState.AwaitingSecond ? "Approve" : "Do it");
    }

    private static IEnumerable<CardLine> Offer(ProposalSnapshot proposal)
    {
        var risk = proposal.Risk == RiskClass.Destructive ? " · destructive" : "";
        yield return CardLine.Of(CardSpan.Strong(Title(proposal)), CardSpan.Plain($"{risk} · offered until {Clock(proposal.ExpiresAt)} UTC"));
        if (ForeignText.Line(proposal.Caution, MaxCaution) is { Length: > 0 } caution)
            yield return CardLine.Of(CardSpan.Plain($"⚠️ {caution}"));
    }

    private static IEnumerable<CardLine> ShortDiff(ProposalSnapshot proposal) =>
        (proposal.ShortDiff ?? "").ReplaceLineEndings("\n").Split('\n').Select(line => ForeignText.Block(line, MaxDiffLine)).Where(line => line.Length > 0)
            .Take(MaxDiffLines).Select(line => CardLine.Of(CardSpan.Code(line)));

    private static string Title(ProposalSnapshot proposal) => ForeignText.Line(proposal.Title, MaxTitle) is { Length: > 0 } title ? title : proposal.Action.Kind;

    private static string State(ProposalSnapshot proposal)
    {
        var progress = ForeignText.Line(proposal.Progress, MaxProgress);
        var state = proposal.State switch
        {
            ProposalState.AwaitingSecond => $"waiting for a second person until {Clock(proposal.ExpiresAt)} UTC",
            ProposalState.Claimed => "being carried out",
            ProposalState.Applied => IsSilence(proposal) ? "silenced" : "applied",
            ProposalState.RollingOut => "applied",
            ProposalState.Verified => "verified",
            ProposalState.Ineffective => "ineffective",
            ProposalState.Failed => "failed",
            ProposalState.Refused => "refused by the cluster",
            ProposalState.Stale => "out of date",
            ProposalState.Expired => "expired",
            ProposalState.Undoing => IsSilence(proposal) ? "being lifted" : "being undone",
            _ => IsSilence(proposal) ? "lifted" : "undone",
        };
        if (progress.Length == 0 || proposal.State == ProposalState.AwaitingSecond)
            return state;
        return progress.StartsWith(state, StringComparison.OrdinalIgnoreCase) ? progress : $"{state}: {progress}";
    }

    private static bool IsSilence(ProposalSnapshot proposal) => proposal.Action.Kind == SuggestedAction.SilenceKind;

    private static string Icon(ProposalState state) => state switch
    {
        ProposalState.AwaitingSecond or ProposalState.Claimed => "⏳",
        ProposalState.Applied or ProposalState.RollingOut => "🔧",
        ProposalState.Verified => "✅",
        ProposalState.Failed => "❌",
        ProposalState.Refused => "🚫",
        ProposalState.Undoing or ProposalState.Undone => "↩️",
        ProposalState.Stale or ProposalState.Expired => "⌛",
        _ => "⚠️",
    };

    private static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);
}
