using AlertResponder.Simulators.Slack;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>What the tests look for in a message.</summary>
internal static class Messages
{
    /// <summary>All that the message shows.</summary>
    public static string Shown(this SlackMessage message) =>
        System.Text.RegularExpressions.Regex.Unescape(message.Blocks.GetRawText());

    public static bool IsOpen(this SlackMessage message) => !message.IsResolved();

    public static bool IsResolved(this SlackMessage message) => message.Shown().Contains("resolved after", StringComparison.Ordinal);

    public static void ShouldTellOfPriceScraper(this SlackMessage message)
    {
        message.Shown().ShouldContain("CronJob cardboard/price-scraper");
        message.Shown().ShouldContain("OOMKilled");
        message.Shown().ShouldContain("256Mi");
        message.Mentions.ShouldBeEmpty();
    }
}
