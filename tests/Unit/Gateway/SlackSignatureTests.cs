using System.Text;
using AlertResponder.Gateway.Slack;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>Against the example of Slack's documentation.</summary>
public sealed class SlackSignatureTests
{
    private const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";
    private const string Timestamp = "1531420618";
    private const string Signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    private const string Body =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    private static readonly DateTimeOffset Sent = DateTimeOffset.FromUnixTimeSeconds(1531420618);

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(-300)]
    public void Fits_SlacksExampleWithinFiveMinutes_Does(int later) =>
        SlackSignature.Read(Headers(Timestamp, Signature), Sent.AddSeconds(later)).ShouldNotBeNull().Fits(Encoding.UTF8.GetBytes(Body), Secret).ShouldBeTrue();

    [Theory]
    [InlineData(Body + "&", Secret)]
    [InlineData("", Secret)]
    [InlineData(Body, "8f742231b10e8888abcd99yyyzzz85a6")]
    public void Fits_AnotherBodyOrSecret_DoesNot(string body, string secret) =>
        SlackSignature.Read(Headers(Timestamp, Signature), Sent).ShouldNotBeNull().Fits(Encoding.UTF8.GetBytes(body), secret).ShouldBeFalse();

    [Fact]
    public void Fits_AnotherTimestampOfTheWindow_DoesNot() =>
        SlackSignature.Read(Headers("1531420619", Signature), Sent).ShouldNotBeNull().Fits(Encoding.UTF8.GetBytes(Body), Secret).ShouldBeFalse();

    [Theory]
    [InlineData(301)]
    [InlineData(-301)]
    [InlineData(int.MaxValue)]
    public void Read_OutsideFiveMinutes_IsNone(int later) => SlackSignature.Read(Headers(Timestamp, Signature), Sent.AddSeconds(later)).ShouldBeNull();

    [Theory]
    [InlineData(null, Signature)]
    [InlineData(Timestamp, null)]
    [InlineData("", Signature)]
    [InlineData("now", Signature)]
    [InlineData("-1531420618", Signature)]
    [InlineData(" 1531420618", Signature)]
    [InlineData("1531420618.0", Signature)]
    [InlineData("9223372036854775808", Signature)]
    [InlineData("9223372036854775807", Signature)]
    [InlineData(Timestamp, "")]
    [InlineData(Timestamp, "v0=")]
    [InlineData(Timestamp, "v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData(Timestamp, "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData(Timestamp, "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b5")]
    [InlineData(Timestamp, "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b50300")]
    [InlineData(Timestamp, "v0=z2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData(Timestamp, Signature + "," + Signature)]
    public void Read_MissingOrMalformed_IsNone(string? timestamp, string? signature) => SlackSignature.Read(Headers(timestamp, signature), Sent).ShouldBeNull();

    private static HeaderDictionary Headers(string? timestamp, string? signature) => new()
    {
        ["X-Slack-Request-Timestamp"] = timestamp,
        ["X-Slack-Signature"] = signature,
    };
}
