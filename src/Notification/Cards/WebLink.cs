namespace AlertResponder.Notification.Cards;

/// <summary>Addresses that others wrote, where a card may lead a person.</summary>
internal static class WebLink
{
    /// <summary>
    /// Longer ones, an ampersand counted as the entity that Slack makes of it, are left out rather than cut: three links must fit
    /// one Slack text together with their labels.
    /// </summary>
    public const int MaxLength = 800;

    /// <summary>
    /// The address when it is absolute, http or https, ASCII, short enough and without a user part (which can make a foreign
    /// host look like a known one); else null.
    /// </summary>
    public static Uri? Parse(string? address) =>
        address is { Length: <= MaxLength }
        && Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { UserInfo: "", Host: not "" }
        && Text(uri) is var text
        && text.All(char.IsAscii)
        && text.Sum(c => c == '&' ? "&amp;".Length : 1) <= MaxLength
            ? uri
            : null;

    /// <summary>The address with every character that a markup could read as its own percent-encoded.</summary>
    public static string Text(Uri uri) =>
        string.Concat(uri.AbsoluteUri.Select(c => c is '<' or '>' or '|' or '`' or '"' or '\''
            ? Uri.HexEscape(c)
            : c.ToString()));
}
