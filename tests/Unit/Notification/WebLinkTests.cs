using AlertResponder.Notification.Cards;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class WebLinkTests
{
    [Theory]
    [InlineData("http://prometheus:9090/graph?g0.expr=a%3Eb&g0.tab=1", "http://prometheus:9090/graph?g0.expr=a%3Eb&g0.tab=1")]
    [InlineData("https://example.org/a|b><!channel>`\"' c", "https://example.org/a%7Cb%3E%3C!channel%3E%60%22%27%20c")]
    [InlineData("http://[::1]:9093", "http://[::1]:9093/")]
    [InlineData("HTTPS://Example.org", "https://example.org/")]
    public void Parse_WebAddress_IsFreeOfMarkup(string address, string expected) =>
        WebLink.Text(WebLink.Parse(address).ShouldNotBeNull()).ShouldBe(expected);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/graph")]
    [InlineData("//evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("slack://open")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org")]
    [InlineData("http://")]
    [InlineData("https://prometheus.example@evil.example/")]
    [InlineData("https://user:secret@example.org/")]
    [InlineData("https://exämple.org/")]
    public void Parse_AnythingElse_IsNull(string? address) => WebLink.Parse(address).ShouldBeNull();

    [Theory]
    [InlineData('ä')]
    [InlineData('&')]
    public void Parse_TooLongOnceEncoded_IsNull(char character) => WebLink.Parse("https://example.org/" + new string(character, 200)).ShouldBeNull();
}
