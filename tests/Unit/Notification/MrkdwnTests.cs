using AlertResponder.Notification.Cards;
using AlertResponder.Notification.Slack;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class MrkdwnTests
{
    [Theory]
    [InlineData("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;")]
    [InlineData("&lt;!here&gt;", "&amp;lt;!here&amp;gt;")]
    [InlineData("*bold* snake_case 2*3 5 * 3", "∗bold∗ snake_case 2*3 5 ∗ 3")]
    [InlineData("_it_ ~gone~ a~b `code`", "ˍitˍ ∼gone∼ a~b ˋcodeˋ")]
    [InlineData("> quote > not", "› quote &gt; not")]
    public void Render_Plain_HasNoMarkup(string text, string expected) =>
        Mrkdwn.Render([CardLine.Of(CardSpan.Plain(text))], 3000).ShouldBe(expected);

    [Fact]
    public void Render_Strong_CannotBeEndedByItsText() =>
        Mrkdwn.Render([CardLine.Of(CardSpan.Strong("a*b <c> `d`"))], 3000).ShouldBe("*a∗b &lt;c&gt; ˋdˋ*");

    [Fact]
    public void Render_Code_KeepsAllButBackticksAndEntities() =>
        Mrkdwn.Render([CardLine.Of(CardSpan.Code("echo *_~ `id` && <x>"))], 3000).ShouldBe("`echo *_~ ˋidˋ &amp;&amp; &lt;x&gt;`");

    [Fact]
    public void Render_Link_EscapesItsAddress() =>
        Mrkdwn.Render([CardLine.Of(CardSpan.Link("Runbook", WebLink.Parse("https://example.org/a|b?x=1&y=>")!))], 3000)
            .ShouldBe("<https://example.org/a%7Cb?x=1&amp;y=%3E|Runbook>");

    [Fact]
    public void Render_Lines_AreSeparatedAndItemsBulleted() =>
        Mrkdwn.Render([CardLine.Of(CardSpan.Strong("a"), CardSpan.Plain(" b")), CardLine.Item(CardSpan.Plain("c"))], 3000).ShouldBe("*a* b\n• c");

    [Fact]
    public void Render_AtEveryLimit_CutsNeitherEntityNorCharacterNorDelimiter()
    {
        CardLine[] lines =
        [
            CardLine.Of(CardSpan.Strong("<&>😀")),
            CardLine.Item(CardSpan.Code("a&😀"), CardSpan.Plain(" <b> ")),
            CardLine.Of(CardSpan.Link("link", new Uri("https://example.org/?a&b"))),
            CardLine.Of(CardSpan.Plain("> &&&")),
        ];
        var full = Mrkdwn.Render(lines, 3000);

        for (var limit = 0; limit <= full.Length; limit++)
        {
            var text = Mrkdwn.Render(lines, limit);

            text.Length.ShouldBeLessThanOrEqualTo(limit);
            HostileText.Violations(text).ShouldBeEmpty($"limit {limit}: {text}");
            text.Count(c => c == '*').ShouldBeOneOf(0, 2);
            text.Count(c => c == '`').ShouldBeOneOf(0, 2);
        }

        Mrkdwn.Render(lines, full.Length).ShouldBe(full);
    }
}
