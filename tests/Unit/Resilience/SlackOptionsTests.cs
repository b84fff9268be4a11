using System.ComponentModel.DataAnnotations;
using AlertResponder.Connections.Slack;

namespace AlertResponder.Tests.Unit.Resilience;

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

    [Theory]
    [InlineData("xoxb-1", null, "Slack:AppToken is no app-level token: set it")]
    [InlineData(null, "8f742231b10e888", "Slack:SigningSecret is shorter than 16 characters: set it")]
    public void Validate_TokenOrSecretOfAnotherKind_IsRefused(string? appToken, string? signingSecret, string error) =>
        Errors(new SlackOptions { AppToken = appToken, SigningSecret = signingSecret }).ShouldHaveSingleItem().ShouldStartWith(error);

    [Fact]
    public void Validate_AppTokenAndSigningSecret_Pass() =>
        Errors(new SlackOptions { AppToken = "xapp-1-A", SigningSecret = "8f742231b10e8888abcd99yyyzzz85a5" }).ShouldBeEmpty();

    [Fact]
    public void Validate_Fallback_IsAnotherChannelAndNeedsAToken()
    {
        Errors(new SlackOptions { BotToken = "xoxb-1", Channel = "C1", FallbackChannel = "C2" }).ShouldBeEmpty();
        Errors(new SlackOptions { BotToken = "xoxb-1", Channel = "C1", FallbackChannel = "C1" }).ShouldHaveSingleItem().ShouldStartWith("Slack:FallbackChannel is Slack:Channel");
        Errors(new SlackOptions { FallbackChannel = "C2" }).ShouldHaveSingleItem().ShouldEndWith("or remove Slack:FallbackChannel.");
    }

    private static List<string?> Errors(SlackOptions options)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(result => result.ErrorMessage)];
    }
}
