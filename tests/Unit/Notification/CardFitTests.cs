using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class CardFitTests
{
    [Fact]
    public void ForMessage_ShortCard_IsTheWholeCard()
    {
        var whole = IncidentCard.Draw(Snapshots.PriceScraper());

        var (message, overflow) = CardFit.ForMessage(whole);

        message.ShouldBeSameAs(whole);
        overflow.ShouldBeEmpty();
    }

    [Fact]
    public void ForMessage_LongCard_KeepsTheCauseTheCaveatsAndTheSmallPrint()
    {
        var (message, overflow) = CardFit.ForMessage(IncidentCard.Draw(Long()));

        CardFit.Length(message).ShouldBeLessThanOrEqualTo(1_500);
        var lines = Lines(message.Parts);
        lines[0].ShouldBe("The cause");
        lines[1].ShouldStartWith("Sentence 0 of the explanation");
        lines[1].ShouldEndWith(".");
        lines.ShouldContain("⚠️ Bedrock is paused");
        lines.ShouldContain(line => line.StartsWith("Opened 2026-11-22", StringComparison.Ordinal));
        lines[^1].ShouldBe("More in the thread ↓");
        Lines(overflow)[0].ShouldContain("Sentence 29 of the explanation");
    }

    [Fact]
    public void ForMessage_LongCard_LosesNoLine()
    {
        var whole = IncidentCard.Draw(Long());

        var (message, overflow) = CardFit.ForMessage(whole);

        Lines(whole.Parts).Except([.. Lines(message.Parts), .. Lines(overflow)]).ShouldBeEmpty();
    }

    [Fact]
    public void ForMessage_ManyAlertsOnly_GiveWayBeforeTheEvidence()
    {
        var open = Snapshots.PriceScraper();
        var alerts = Enumerable.Range(0, 8).Select(number => Snapshots.Alert($"{number}{new string('A', 78)}", [], [])).ToArray();
        var unread = Enumerable.Range(0, 6).Select(number => new UnreadSource($"{number}{new string('u', 90)}", "timed out")).ToArray();

        var (message, overflow) = CardFit.ForMessage(IncidentCard.Draw(open with { Alerts = alerts, Context = open.Context! with { Unread = unread } }));

        Lines(message.Parts).ShouldContain(line => line.StartsWith("Container scraper was OOMKilled", StringComparison.Ordinal));
        Lines(overflow).ShouldContain(line => line.StartsWith("⚠️ Could not read", StringComparison.Ordinal));
    }

    private static IncidentSnapshot Long()
    {
        var open = Snapshots.Degraded();
        return open with
        {
            Analysis = open.Analysis! with
            {
                ModelUnavailable = "Bedrock is paused",
                Diagnosis = open.Analysis.Diagnosis with
                {
                    Cause = "The cause",
                    Explanation = string.Join(' ', Enumerable.Range(0, 30).Select(number => $"Sentence {number} of the explanation is here.")),
                    Findings = [.. Enumerable.Range(0, 8).Select(number => new Finding("rule", $"Finding {number} {new string('f', 150)}.", []))],
                },
            },
        };
    }

    private static List<string> Lines(IEnumerable<CardPart> parts) =>
        [.. parts.SelectMany(part => part.Lines).Select(line => string.Concat(line.Spans.Select(span => span.Text)))];
}
