using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace AlertResponder.Connections.Slack;

/// <summary>Section <c>Slack</c>. Without a bot token the card is printed on the console instead.</summary>
public sealed class SlackOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Slack";

    /// <summary>The app's bot token (<c>xoxb-…</c>) with the scopes <c>chat:write</c> and <c>channels:history</c> (<c>groups:history</c> for a private channel).</summary>
    public string? BotToken { get; set; }

    /// <summary>The app-level token (<c>xapp-…</c>) with the scope <c>connections:write</c> that turns Socket Mode on.</summary>
    public string? AppToken { get; set; }

    /// <summary>What Slack signs its HTTP callbacks with; without it they are refused.</summary>
    public string? SigningSecret { get; set; }

    /// <summary>The channel for the messages: its id (<c>C0123456789</c>), since Slack searches a channel's history by id only.</summary>
    public string? Channel { get; set; }

    /// <summary>The channel for messages that <see cref="Channel"/> refuses: its id. None without.</summary>
    public string? FallbackChannel { get; set; }

    /// <summary>The base address of the Web API; Slack's own by default.</summary>
    [SuppressMessage("Design", "CA1056", Justification = "A string binds from configuration even when it is wrong, so that the error can name the fix.")]
    public string ApiUrl { get; set; } = "https://slack.com/api/";

    /// <summary>First messages a second, 0.1 to 1000. Slack takes one a second in a channel.</summary>
    public double PostsPerSecond { get; set; } = 1;

    /// <summary>Redrawings a minute, 1 to 60000. Slack takes fifty of an app (<c>chat.update</c> is of its tier 3).</summary>
    public int UpdatesPerMinute { get; set; } = 50;

    /// <summary>Whether messages go to Slack.</summary>
    public bool Enabled => !string.IsNullOrWhiteSpace(BotToken);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Enabled && string.IsNullOrWhiteSpace(Channel))
            yield return new ValidationResult("Slack:Channel is missing: set it to the id of the channel for the messages (C0123456789), or remove Slack:BotToken.", [nameof(Channel)]);
        if (!Enabled && !string.IsNullOrWhiteSpace(Channel))
            yield return new ValidationResult("Slack:BotToken is missing: set it to the app's bot token (xoxb-...), or remove Slack:Channel.", [nameof(BotToken)]);
        if (!Enabled && !string.IsNullOrWhiteSpace(FallbackChannel))
            yield return new ValidationResult("Slack:BotToken is missing: set it to the app's bot token (xoxb-...), or remove Slack:FallbackChannel.", [nameof(BotToken)]);
        if (!string.IsNullOrWhiteSpace(FallbackChannel) && FallbackChannel == Channel)
            yield return new ValidationResult("Slack:FallbackChannel is Slack:Channel: set it to the id of another channel, or remove it.", [nameof(FallbackChannel)]);
        if (!Uri.TryCreate(ApiUrl, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
            yield return new ValidationResult("Slack:ApiUrl is no http(s) address: set it to an absolute one such as https://slack.com/api/, or remove it.", [nameof(ApiUrl)]);
        if (!string.IsNullOrEmpty(AppToken) && !AppToken.StartsWith("xapp-", StringComparison.Ordinal))
            yield return new ValidationResult("Slack:AppToken is no app-level token: set it to one with the scope connections:write (xapp-...; Basic Information in the app's settings), or remove it.", [nameof(AppToken)]);
        if (SigningSecret is { Length: > 0 and < 16 })
            yield return new ValidationResult("Slack:SigningSecret is shorter than 16 characters: set it to the signing secret of Basic Information in the app's settings, or remove it.", [nameof(SigningSecret)]);
        if (PostsPerSecond is not (>= 0.1 and <= 1000))
            yield return new ValidationResult("Slack:PostsPerSecond is out of range: set it to 0.1 to 1000, or remove it for the 1 that Slack allows.", [nameof(PostsPerSecond)]);
        if (UpdatesPerMinute is not (>= 1 and <= 60_000))
            yield return new ValidationResult("Slack:UpdatesPerMinute is out of range: set it to 1 to 60000, or remove it for the 50 that Slack allows.", [nameof(UpdatesPerMinute)]);
    }
}
