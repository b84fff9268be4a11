using System.ComponentModel.DataAnnotations;
using AlertResponder.Notification.Slack;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class SlackOptionsTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("xoxb-1", "C0123456789")]
    [InlineData("xoxb-1", "#alerts")]
    public void Validate_TokenAndChannelTogether_Passes(string? token, string? channel) =>
        Errors(new SlackOptions { BotToken = token, Channel = channel }).ShouldBeEmpty();

    [Fact]
    public void Validate_SeveralMistakes_ReportsEachWithItsFix() =>
        Errors(new SlackOptions { BotToken = "xoxb-1", ApiUrl = "slack.com/api" }).ShouldBe(
        [
            "Slack:Channel is missing: set it to the id of the channel for the messages (C0123456789), or remove Slack:BotToken.",
            "Slack:ApiUrl is no http(s) address: set it to an absolute one such as https://slack.com/api/, or remove it.",
        ]);

    [Fact]
    public void Validate_ChannelWithoutToken_AsksForTheToken() =>
        Errors(new SlackOptions { Channel = "C1" }).ShouldHaveSingleItem().ShouldStartWith("Slack:BotToken is missing: set it");

    [Theory]
    [InlineData("")]
    [InlineData("/api/")]
    [InlineData("ftp://slack.com/api/")]
    public void Validate_ApiUrlThatIsNoWebAddress_IsRefused(string url) =>
        Errors(new SlackOptions { ApiUrl = url }).ShouldHaveSingleItem().ShouldStartWith("Slack:ApiUrl is no http(s) address");

    private static List<string?> Errors(SlackOptions options)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(result => result.ErrorMessage)];
    }
}
