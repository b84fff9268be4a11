using AlertResponder.Simulators.Slack;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>What the tests look for in a message.</summary>
internal static class Messages
{
    /// <summary>All that the message shows.</summary>
    public static string Shown(this SlackMessage message) =>
        System.Text.RegularExpressions.Regex.Unescape(message.Blocks.GetRawText());

    /// <summary>Whether it belongs to no incident.</summary>
    public static bool IsNote(this SlackMessage message) => message.Metadata?.GetProperty("event_type").GetString() == "alert_responder_note";

    public static bool IsOpen(this SlackMessage message) => !message.IsResolved();

    public static bool IsResolved(this SlackMessage message) => message.Shown().Contains("resolved after", StringComparison.Ordinal);

    /// <summary>The action id of the button whose text begins so; null when there is none.</summary>
    public static string? Button(this SlackMessage message, string text) => message.Blocks.EnumerateArray()
        .Where(block => block.GetProperty("type").GetString() == "actions")
        .SelectMany(block => block.GetProperty("elements").EnumerateArray())
        .Where(element => element.GetProperty("text").GetProperty("text").GetString()!.StartsWith(text, StringComparison.Ordinal))
        .Select(element => element.GetProperty("action_id").GetString())
        .FirstOrDefault();

    public static void ShouldTellOfPriceScraper(this SlackMessage message)
    {
        message.Shown().ShouldContain("CronJob cardboard/price-scraper");
        message.Shown().ShouldContain("OOMKilled");
        message.Shown().ShouldContain("256Mi");
        message.Mentions.ShouldBeEmpty();
    }
}
