using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Notification.Cards;
using AlertResponder.Notification.Slack;
using AlertResponder.Simulators.Slack;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using SlackNet;
using SlackNet.Blocks;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class SlackBlocksTests
{
    // Held, as the client holds them: each new one works out all types anew.
    private static readonly JsonSerializerSettings Settings = Default.JsonSettings().SerializerSettings;

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_Card_IsTheGoldenJson(string name)
    {
        var card = CardFit.ForMessage(IncidentCard.Draw(Snapshots.All[name])).Message;
        var message = new JObject
        {
            ["text"] = SlackBlocks.Fallback(card),
            ["blocks"] = JToken.Parse(JsonConvert.SerializeObject(SlackBlocks.Of(card), Settings)),
        };

        Golden.ShouldMatch($"{name}.json", message.ToString(Formatting.Indented) + "\n");
    }

    [Fact]
    public void OfParts_WhatTheMessageHasNoRoomFor_IsTheGoldenJson()
    {
        var overflow = CardFit.ForMessage(IncidentCard.Draw(Snapshots.All["long"])).Overflow;

        var blocks = JToken.Parse(JsonConvert.SerializeObject(SlackBlocks.OfParts(overflow), Settings));
        Golden.ShouldMatch("long-thread.json", blocks.ToString(Formatting.Indented) + "\n");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_Snapshot_KeepsSlacksLimitsAndHasNoForeignMarkup(string name) => ShouldBeSafe(Snapshots.All[name], name);

    [Fact]
    public void Of_ThousandHostileSnapshots_KeepSlacksLimitsAndHaveNoForeignMarkup()
    {
        for (var seed = 0; seed < 1000; seed++)
            ShouldBeSafe(Hostile(new Random(seed)), $"seed {seed}");
    }

    [Fact]
    public void Of_LongestProposals_KeepAllButtons()
    {
        var full = new string('&', 400);
        var incident = Snapshots.Hostile() with
        {
            Proposals =
            [
                .. Enumerable.Range(0, 6).Select(number => Snapshots.Proposal(number, full, RiskClass.Destructive, full, full) with { Caution = full }),
                .. Enumerable.Range(6, 20).Select(number => Snapshots.Proposal(number, full, RiskClass.Reversible) with { Caution = full }),
                .. Enumerable.Range(26, 20).Select(number => Snapshots.Proposal(number, full) with { State = ProposalState.Applied, Progress = full, CanBeUndone = true, RequestedBy = full, UndoneBy = full }),
            ],
        };

        ShouldBeSafe(incident, "longest");
        SlackBlocks.Of(CardFit.ForMessage(IncidentCard.Draw(incident)).Message).OfType<ActionsBlock>().Sum(row => row.Elements.Count)
            .ShouldBe((4 * 2) + 10 + 5, "an offer's two buttons, those without a diff, and undo");
    }

    [Fact]
    public void Of_Answer_IsWholeInPiecesThatNobodyIsMentionedIn()
    {
        var random = new Random(1);
        foreach (var text in new[] { "", "one", string.Join('\n', Enumerable.Range(0, 2_000).Select(number => $"line {number} <!channel> ```")), new string('x', 40_000), string.Concat(Enumerable.Repeat("&😀", 10_000)), string.Join('\n', Enumerable.Range(0, 300).Select(_ => HostileText.Next(random))) })
        {
            var answer = Snapshots.Completed(Guid.Empty, RemediationOutcome.Applied, "read", null, 1) with { Reply = text, ReplyTitle = "Log of <!channel>" };
            var replies = AnswerReply.Of(answer, Guid.Empty).ToList();

            replies.Count.ShouldBeInRange(1, 12);
            replies.Select(reply => reply.Key).ShouldBeUnique();
            foreach (var reply in replies)
                ShouldBeSafe(IncidentCard.Draw(Snapshots.PriceScraper()), SlackBlocks.OfParts(reply.Parts), reply.Key);
            if (text.Contains("line 1999", StringComparison.Ordinal))
                SlackBlocks.OfParts(replies[^1].Parts).OfType<RichTextBlock>().Last().Elements.ShouldHaveSingleItem().ShouldBeOfType<RichTextPreformatted>().Elements.ShouldHaveSingleItem()
                    .ShouldBeOfType<RichTextText>().Text.ShouldEndWith("line 1999 <!channel> ```");
        }
    }

    [Fact]
    public void Of_LongestFields_StillTellsTheLinks()
    {
        var url = "https://prometheus.example/graph?" + string.Join('&', Enumerable.Repeat("a=1", 96));
        var open = Snapshots.PriceScraper();
        var blocks = SlackBlocks.Of(IncidentCard.Draw(open with
        {
            ExternalUrl = url,
            Alerts = [Snapshots.Alert("A", [], new() { ["runbook_url"] = url }, generatorUrl: url)],
        }));

        url.Replace("&", "&amp;", StringComparison.Ordinal).Length.ShouldBeInRange(WebLink.MaxLength - 8, WebLink.MaxLength);
        var links = blocks.OfType<RichTextBlock>().Last().Elements.ShouldHaveSingleItem().ShouldBeOfType<RichTextSection>().Elements.OfType<RichTextLink>();
        links.Select(link => (link.Text, link.Url)).ShouldBe([("Prometheus", url), ("Runbook", url), ("Alertmanager", url)]);
        blocks.OfType<ContextBlock>().Last().Elements.ShouldHaveSingleItem().ShouldBeOfType<PlainText>().Text.ShouldContain("Opened 2026-11-22");
    }

    /// <summary>Each place where Slack takes no rich text: what stands there is what was written, and within the limit however Slack counts.</summary>
    [Theory]
    [InlineData("Deployment a/b <no> & `x` *y* _z_", 33)]
    [InlineData("<!channel> <@U1> &lt;b&gt; a->b", 31)]
    public void Of_ForeignTextInPlainText_IsWhatWasWritten(string text, int shown)
    {
        var button = new CardButton(RemediationVerb.Execute, Guid.Empty, text, CardButtonStyle.Primary, new CardConfirm(text, text, text[..8]));
        CardPart small = new(CardPartStyle.Quiet, [CardLine.Of(CardSpan.Plain(text), CardSpan.Code(text), CardSpan.Strong(text))]);
        CardPart body = new(CardPartStyle.Body, [CardLine.Of(CardSpan.Plain(text))]) { Buttons = [button] };

        var blocks = SlackBlocks.Of(new Card(Guid.Empty, CardTone.Critical, text, text, [body, small]));

        blocks.OfType<HeaderBlock>().Single().Text.Text.ShouldBe(text);
        blocks.OfType<ContextBlock>().Single().Elements.Single().ShouldBeOfType<PlainText>().Text.ShouldBe(text + text + text);
        blocks.OfType<RichTextBlock>().Single().Elements.Single().ShouldBeOfType<RichTextSection>().Elements.Single().ShouldBeOfType<RichTextText>().Text.ShouldBe(text);
        var drawn = blocks.OfType<ActionsBlock>().Single().Elements.Single().ShouldBeOfType<Button>();
        (drawn.Text.Text, drawn.Confirm.Title.Text, drawn.Confirm.Text.Text, drawn.Confirm.Confirm.Text).ShouldBe((text, text, text, text[..8]));
        text.Length.ShouldBe(shown);
    }

    [Fact]
    public void Of_ManyAngleBrackets_AreWithinTheLimitsAlsoAsEntities()
    {
        var text = new string('<', 300);
        var button = new CardButton(RemediationVerb.Execute, Guid.Empty, text[..75], CardButtonStyle.Primary, new CardConfirm(text[..100], text, text[..30]));
        var blocks = SlackBlocks.Of(new Card(Guid.Empty, CardTone.Critical, text[..150], "x", [new CardPart(CardPartStyle.Body, [CardLine.Of(CardSpan.Plain("x"))]) { Buttons = [button] }]));

        var drawn = blocks.OfType<ActionsBlock>().Single().Elements.Single().ShouldBeOfType<Button>();
        (string Text, int Limit)[] texts =
        [
            (blocks.OfType<HeaderBlock>().Single().Text.Text, 150), (drawn.Text.Text, 75), (drawn.Confirm.Title.Text, 100), (drawn.Confirm.Text.Text, 300), (drawn.Confirm.Confirm.Text, 30),
        ];
        texts.ShouldAllBe(one => one.Text.EndsWith('…') && RichText.Length(one.Text) <= one.Limit);
    }

    public static TheoryData<string> Names() => [.. Snapshots.All.Keys];

    private static void ShouldBeSafe(IncidentSnapshot incident, string which)
    {
        var (card, overflow) = CardFit.ForMessage(IncidentCard.Draw(incident));
        CardFit.Length(card).ShouldBeLessThanOrEqualTo(CardFit.MostCharacters, which);
        ShouldBeSafe(card, SlackBlocks.Of(card), which);
        if (overflow.Count > 0)
            ShouldBeSafe(card, SlackBlocks.OfParts(overflow), $"{which}, thread");
    }

    private static void ShouldBeSafe(Card card, IList<Block> blocks, string which)
    {
        var json = JsonConvert.SerializeObject(blocks, Settings);
        using var wire = System.Text.Json.JsonDocument.Parse(json);
        BlockRules.Violations(wire.RootElement).ShouldBeEmpty(which);
        BlockRules.IsTooLong(wire.RootElement).ShouldBeFalse(which);
        HostileText.Violations(SlackBlocks.Fallback(card)).ShouldBeEmpty(which);
        SlackBlocks.Fallback(card).Length.ShouldBeInRange(1, 400, which);
        blocks.Count.ShouldBeInRange(1, 50, which);
        foreach (var block in blocks)
        {
            switch (block)
            {
                case HeaderBlock header:
                    header.Text.Text.Length.ShouldBeInRange(1, 150, which);
                    header.Text.Text.ShouldNotContain('\n', which);
                    break;
                case RichTextBlock text:
                    foreach (var element in text.Elements.SelectMany(Runs))
                        ShouldBeSafe(element, which);
                    break;
                case ContextBlock context:
                    var small = context.Elements.ShouldHaveSingleItem(which).ShouldBeOfType<PlainText>(which);
                    small.Text.Length.ShouldBeInRange(1, 3000, which);
                    small.Emoji.ShouldBeFalse(which);
                    HostileText.Unprintable(small.Text).ShouldBeEmpty(which);
                    break;
                case ActionsBlock actions:
                    actions.Elements.Count.ShouldBeInRange(1, 5, which);
                    foreach (var button in actions.Elements.Select(element => element.ShouldBeOfType<Button>()))
                        ShouldBeSafe(button, which);
                    break;
                default:
                    throw new InvalidOperationException($"No limits are known for {block.Type}.");
            }
        }

        IEnumerable<RichTextSectionElement> Runs(RichTextElement element) => element switch
        {
            RichTextSection section => section.Elements,
            RichTextList list => list.Elements.SelectMany(item => item.Elements),
            RichTextPreformatted preformatted => preformatted.Elements,
            _ => throw new InvalidOperationException($"Nothing is known of {element.Type}."),
        };
    }

    private static void ShouldBeSafe(RichTextSectionElement element, string which)
    {
        switch (element)
        {
            case RichTextText text:
                text.Text.Length.ShouldBeInRange(1, 3000, which);
                HostileText.Unprintable(text.Text).ShouldBeEmpty($"{which}: {text.Text}");
                break;
            case RichTextLink link:
                WebLink.Parse(link.Url).ShouldNotBeNull(which);
                link.Text.ShouldBeOneOf("Prometheus", "Runbook", "Alertmanager");
                break;
            case RichTextUser user:
                user.UserId.ShouldBeOneOf("U0ABC123", "U0DEF456");
                break;
            default:
                throw new InvalidOperationException($"Nothing is known of {element.Type}.");
        }
    }

    private static void ShouldBeSafe(Button button, string which)
    {
        RemediationButtons.Read(button.ActionId, button.Value).ShouldNotBeNull(which);
        foreach (var text in new[] { button.Text, button.Confirm?.Title, button.Confirm?.Text as PlainText, button.Confirm?.Confirm, button.Confirm?.Deny }.OfType<PlainText>())
            HostileText.Unprintable(text.Text.Replace('\t', '\0')).ShouldBeEmpty(which);
    }

    private static IncidentSnapshot Hostile(Random random)
    {
        var id = Guid.Empty;
        var opened = Snapshots.Opened;
        return new IncidentSnapshot(
            id,
            new Subject(Text(), random.Next(2) == 0 ? null : Text(), Text()),
            random.Next(1, 4),
            random.Next(9),
            opened,
            random.Next(3) == 0 ? opened.AddSeconds(random.Next(-100, 1_000_000)) : null,
            random.Next(3) == 0 ? random.Next() : 0,
            Url(),
            [.. Some(8, () => Snapshots.Alert(Text(), new() { ["severity"] = Text() }, new() { ["description"] = Text(), ["runbook_url"] = Url() }, (AlertStatus)random.Next(2), Url()))],
            random.Next(5) == 0 ? null : new ContextEnriched(
                id,
                1,
                new Subject("Pod", null, "x"),
                [],
                [.. Some(6, () => Snapshots.Evidence($"e{random.Next(6)}", (EvidenceKind)random.Next(9), new ObjectReference(Text(), Text(), Text()), Text()))],
                [.. Some(6, () => new UnreadSource(Text(), Text()))],
                opened),
            random.Next(5) == 0 ? null : new AnalysisCompleted(
                id,
                1,
                new Diagnosis(
                    Text(),
                    Text(),
                    (Severity)random.Next(3),
                    (Confidence)random.Next(3),
                    [.. Some(8, () => new Finding(Text(), Text(), [.. Some(4, () => $"e{random.Next(6)}")]))]),
                (AnalysisOrigin)random.Next(3),
                random.Next(2) == 0 ? null : Text(),
                random.Next(2) == 0 ? null : Text(),
                random.Next(),
                random.Next(),
                (decimal)random.NextDouble(),
                [.. Some(4, Text)],
                [],
                opened),
            [.. Some(6, () => new RemediationCompleted(id, new Guid(random.Next(4), 0, 0, new byte[8]), (RemediationOutcome)random.Next(6), Text(), random.Next(2) == 0 ? null : Text(), Text(), opened))])
        {
            Proposals =
            [
                .. Some(20, () => new ProposalSnapshot(
                    new Guid(random.Next(), 0, 0, new byte[8]),
                    1,
                    new SuggestedAction("restart-workload", new ObjectReference(Text(), Text(), Text()), new Dictionary<string, string>(StringComparer.Ordinal), []),
                    $"{Text()}x",
                    (RiskClass)random.Next(3),
                    random.Next(2) == 0 ? null : Text(),
                    random.Next(2) == 0 ? null : Text(),
                    random.Next(2) == 0 ? null : Text(),
                    random.Next(2) == 0 ? ProposalState.Offered : (ProposalState)random.Next(13),
                    random.Next(2) == 0 ? null : Text(),
                    random.Next(2) == 0,
                    random.Next(2) == 0 ? "U0ABC123" : Text(),
                    random.Next(2) == 0 ? null : Text(),
                    random.Next(2) == 0 ? null : Text(),
                    opened,
                    opened,
                    random.Next(2) == 0 ? null : opened,
                    random.Next(2) == 0 ? null : opened)),
            ],
        };

        string Text() => HostileText.Next(random);

        string Url() => random.Next(3) == 0 ? Text() : "https://example.org/" + Text();

        IEnumerable<T> Some<T>(int max, Func<T> make) => Enumerable.Range(0, random.Next(max)).Select(_ => make());
    }
}
