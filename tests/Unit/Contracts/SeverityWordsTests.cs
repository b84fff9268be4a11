using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Contracts;

public sealed class SeverityWordsTests
{
    [Theory]
    [InlineData("info", Severity.Info)]
    [InlineData("Warning", Severity.Warning)]
    [InlineData("WARN", Severity.Warning)]
    [InlineData("ticket", Severity.Warning)]
    [InlineData("average", Severity.Warning)]
    [InlineData("P2", Severity.Warning)]
    [InlineData("CRITICAL", Severity.Critical)]
    [InlineData(" page ", Severity.Critical)]
    [InlineData("p1", Severity.Critical)]
    [InlineData("major", Severity.Critical)]
    [InlineData("none", null)]
    [InlineData("2", null)]
    [InlineData("", null)]
    public void Of_Label_InAnyCase(string word, Severity? expected) =>
        SeverityWords.Shipped.Of(new Dictionary<string, string> { ["severity"] = word }).ShouldBe(expected);

    [Fact]
    public void Of_SeveralLabels_IsTheFirstWhoseWordIsKnown() => SeverityWords.Shipped.Of(
        new Dictionary<string, string> { ["severity"] = "bad", ["sloth_severity"] = "page", ["priority"] = "P4" }).ShouldBe(Severity.Critical);

    [Fact]
    public void Of_WordsOfOnesOwn_CountBeforeTheShipped()
    {
        var words = SeverityWords.Shipped.With([KeyValuePair.Create(" High", Severity.Warning), KeyValuePair.Create("rot", Severity.Critical)]);

        words.Of(new Dictionary<string, string> { ["severity"] = "high" }).ShouldBe(Severity.Warning);
        words.Of(new Dictionary<string, string> { ["severity"] = "ROT" }).ShouldBe(Severity.Critical);
    }

    // As it lies in queues and stores from before.
    [Fact]
    public void Alert_WithoutASeverity_HasThatOfItsLabels()
    {
        var alert = new Alert("01", AlertStatus.Firing, new Dictionary<string, string> { ["severity"] = "page" }, new Dictionary<string, string>(), DateTimeOffset.UnixEpoch, null, null);

        alert.IsUrgent().ShouldBeTrue();
        (alert with { Status = AlertStatus.Resolved }).IsUrgent().ShouldBeFalse();
    }

    [Theory]
    [InlineData("disk is full", "disk is full")]
    [InlineData("<no value>", null)]
    [InlineData("pod <no value> is down", "pod (unknown) is down")]
    [InlineData("<error expanding template: x>", null)]
    [InlineData("value: <error expanding template: x> y", "value:")]
    public void TemplateErrors_AreTakenOut(string text, string? expected) => TemplateErrors.Without(text).ShouldBe(expected);
}
