using AlertResponder.Redaction;

namespace AlertResponder.Tests.Unit.Redaction;

public sealed class BoundedTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("12345678", "12345678")]
    [InlineData("123456789", "1234567…")]
    [InlineData("1234567😀", "1234567…")]
    [InlineData("123456😀9", "123456…")]
    [InlineData("12345😀89", "12345😀…")]
    public void Cut_IsAtMostSoLong_AndNeverHalfAPair(string text, string expected) => BoundedText.Cut(text, 8).ShouldBe(expected);
}
