using System.Text;

namespace AlertResponder.Notification.Slack;

/// <summary>
/// Writes text in Slack's markup, where Slack takes nothing else: for what a notification tells of a message. <c>&amp; &lt; &gt;</c> become entities, so
/// nothing can mention or link; and since the markup knows no escape for its own delimiters, those that could open or close a style are
/// replaced by look-alikes: backtick U+02CB, asterisk U+2217, underscore U+02CD, tilde U+223C. Inside a word (<c>snake_case</c>) they mean
/// nothing to Slack and stay as they are.
/// </summary>
internal static class Mrkdwn
{
    /// <summary>At most <paramref name="limit"/> UTF-16 units; never cut inside an entity or a character.</summary>
    public static string Text(string text, int limit)
    {
        var markup = new StringBuilder();
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var piece = Piece(text, index, rune);
            index += rune.Utf16SequenceLength;
            if (markup.Length + piece.Length + (index < text.Length ? 1 : 0) > limit)
                return markup.Length < limit ? markup.Append('…').ToString() : markup.ToString();
            markup.Append(piece);
        }

        return markup.ToString();
    }

    private static string Piece(string text, int index, Rune rune) => rune.Value switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        // A line that starts with this entity would become a quotation.
        '>' => index == 0 || text[index - 1] == '\n' ? "›" : "&gt;",
        '`' => "ˋ",
        '*' when Delimits(text, index) => "∗",
        '_' when Delimits(text, index) => "ˍ",
        '~' when Delimits(text, index) => "∼",
        _ => rune.ToString(),
    };

    private static bool Delimits(string text, int index) =>
        index == 0 || index == text.Length - 1 || !char.IsLetterOrDigit(text[index - 1]) || !char.IsLetterOrDigit(text[index + 1]);
}
