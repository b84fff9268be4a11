using AlertResponder.Notification.Cards;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class ForeignTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData(" \t\r\n ", "")]
    [InlineData("a\nb", "a b")]
    [InlineData(" a \u0000\u0085\u2028 b ", "a b")]
    [InlineData("a\u200Bb\u202Ec\u2066d\uFEFFe\u00ADf", "abcdef")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u009b31mred", "red")]
    [InlineData("\u001b]8;;https://evil.example\u001b\\label\u001b]8;;\u0007", "label")]
    [InlineData("\u001b\u001b[", "[")]
    [InlineData("\U000E0041tag", "tag")]
    [InlineData("☃ 😀", "☃ 😀")]
    public void Line_ControlAndInvisibleCharacters_AreNeutralised(string? text, string expected) =>
        ForeignText.Line(text, 100).ShouldBe(expected);

    [Fact]
    public void Line_LoneSurrogates_AreReplaced() => ForeignText.Line("a\ud83d b\ude00", 100).ShouldBe("a\ufffd b\ufffd");

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("123456", "1234…")]
    [InlineData("1234  ", "1234")]
    [InlineData("1234 6", "1234…")]
    [InlineData("123 5 6", "123…")]
    [InlineData("123😀", "123😀")]
    [InlineData("123😀5", "123…")]
    [InlineData("1234😀", "1234…")]
    [InlineData("😀😀😀", "😀😀…")]
    public void Line_TooLong_IsCutBetweenCharacters(string text, string expected) =>
        ForeignText.Line(text, 5).ShouldBe(expected);

    [Theory]
    [InlineData("", "")]
    [InlineData("one", "one")]
    [InlineData("one\ntwo\n\n  \n", "two")]
    [InlineData("one\r\ntwo\r\n", "two")]
    public void LastLine_Log_IsTheLastThatSaysSomething(string text, string expected) =>
        ForeignText.LastLine(text, 100).ShouldBe(expected);
}
