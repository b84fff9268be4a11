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
    public void Text_Foreign_HasNoMarkup(string text, string expected) => Mrkdwn.Text(text, 3000).ShouldBe(expected);

    [Fact]
    public void Text_AtEveryLimit_CutsNeitherEntityNorCharacter()
    {
        const string text = "<&>😀 a&😀 <b> > &&&";
        var full = Mrkdwn.Text(text, 3000);

        for (var limit = 0; limit <= full.Length; limit++)
        {
            var cut = Mrkdwn.Text(text, limit);

            cut.Length.ShouldBeLessThanOrEqualTo(limit);
            HostileText.Violations(cut).ShouldBeEmpty($"limit {limit}: {cut}");
        }

        Mrkdwn.Text(text, full.Length).ShouldBe(full);
    }
}
