using AlertResponder.Notification.Cards;
using AlertResponder.Notification.Slack;
using Newtonsoft.Json;
using SlackNet;
using SlackNet.Blocks;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class RichTextTests
{
    private static readonly JsonSerializerSettings Settings = Default.JsonSettings().SerializerSettings;

    [Theory]
    [InlineData("env _private_ and __init__.py missing in /srv/_data_/x")]
    [InlineData("cert for *.example.com and ~/.kube/config; see https://grafana.example/d/abc?var-pod=a*c")]
    [InlineData("`code` *bold* _it_ ~gone~ <!channel> <@U123> & &lt;!here&gt; :fire: > quote")]
    public void Render_ForeignText_IsShownAsItIsInEveryStyle(string text)
    {
        foreach (var span in new[] { CardSpan.Plain(text), CardSpan.Strong(text), CardSpan.Code(text) })
            Text(RichText.Render(Body(CardLine.Of(span)), 3000)).ShouldBe(text);
        Text(RichText.Render(Body(CardLine.Item(CardSpan.Plain(text))), 3000)).ShouldBe(text);
        Text(RichText.Render(new CardPart(CardPartStyle.Preformatted, [CardLine.Of(CardSpan.Code(text)), CardLine.Of(CardSpan.Code("\tx"))]), 3000)).ShouldBe($"{text}\n\tx");
    }

    [Fact]
    public void Render_LinesAndItems_AreASectionAndAList()
    {
        var elements = RichText.Render(
            Body(
                CardLine.Of(CardSpan.Strong("a"), CardSpan.Plain(" b")),
                CardLine.Of(CardSpan.Code("c")),
                CardLine.Item(CardSpan.Plain("d")),
                CardLine.Item(CardSpan.Link("e", new Uri("https://example.org/?a&b*c")), CardSpan.Person("U0ABC123"), CardSpan.Channel("C0ALERTS01"))),
            3000);

        JsonConvert.SerializeObject(elements, Settings).ShouldBe(
            """
            [{"elements":[{"text":"a","style":{"bold":true},"type":"text"},{"text":" b","type":"text"},{"text":"\n","type":"text"},{"text":"c","style":{"code":true},"type":"text"}],"type":"rich_text_section"},{"elements":[{"elements":[{"text":"d","type":"text"}],"type":"rich_text_section"},{"elements":[{"url":"https://example.org/?a&b*c","text":"e","type":"link"},{"user_id":"U0ABC123","type":"user"},{"channel_id":"C0ALERTS01","type":"channel"}],"type":"rich_text_section"}],"style":"bullet","type":"rich_text_list"}]
            """);
    }

    [Theory]
    [InlineData("<@U0ABC123>")]
    [InlineData("channel")]
    [InlineData("U1> <!here")]
    public void Render_PersonOrChannelThatIsNoId_IsText(string id)
    {
        Text(RichText.Render(Body(CardLine.Of(CardSpan.Person(id))), 3000)).ShouldBe(id);
        Text(RichText.Render(Body(CardLine.Of(CardSpan.Channel(id))), 3000)).ShouldBe(id);
    }

    [Fact]
    public void Render_AtEveryLimit_KeepsItAndCutsNoCharacter()
    {
        CardLine[] lines =
        [
            CardLine.Of(CardSpan.Strong("<&>😀")),
            CardLine.Item(CardSpan.Code("a&😀"), CardSpan.Plain(" <b> ")),
            CardLine.Of(CardSpan.Link("link", new Uri("https://example.org/?a&b"))),
            CardLine.Of(CardSpan.Plain("> &&&")),
        ];
        var whole = lines.Sum(RichText.Length);

        for (var limit = 0; limit <= whole; limit++)
        {
            var text = Text(RichText.Render(Body(lines), limit));

            HostileText.Unprintable(text).ShouldBeEmpty($"limit {limit}: {text}");
            RichText.Length(text.Replace("…", "", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(Math.Max(limit, 0), $"limit {limit}: {text}");
        }

        Text(RichText.Render(Body(lines), whole)).ShouldNotContain('…');
    }

    private static CardPart Body(params CardLine[] lines) => new(CardPartStyle.Body, lines);

    private static string Text(IEnumerable<RichTextElement> elements) => string.Concat(elements.SelectMany(element => element switch
    {
        RichTextSection section => section.Elements,
        RichTextList list => list.Elements.SelectMany(item => item.Elements),
        _ => ((RichTextPreformatted)element).Elements,
    }).Select(element => element is RichTextText text ? text.Text : ((RichTextLink)element).Text));
}
