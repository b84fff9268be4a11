namespace AlertResponder.Redaction;

/// <summary>Tells what a machine has drawn at random from words, names and numbers.</summary>
internal static class Randomness
{
    private const int ShortestPiece = 16;

    /// <summary>Upper case, lower case and digits.</summary>
    public static bool IsMixed(ReadOnlySpan<char> text) => text.ContainsAnyInRange('A', 'Z') && text.ContainsAnyInRange('a', 'z') && text.ContainsAnyInRange('0', '9');

    /// <summary>
    /// What a key or token is made of: mixed, or a long piece of letters and digits. Names of objects, UUIDs and times have short pieces.
    /// </summary>
    public static bool IsLikely(ReadOnlySpan<char> text)
    {
        if (text.Length >= ShortestPiece && IsMixed(text) && text.Count('/') * 8 <= text.Length)
        {
            return true;
        }

        foreach (var range in text.SplitAny('-', '_', '.', '~', ':', '/'))
        {
            var piece = text[range];
            if (piece.Length >= ShortestPiece && piece.ContainsAnyInRange('0', '9') && Letters(piece) >= 3)
            {
                return true;
            }
        }

        return false;
    }

    private static int Letters(ReadOnlySpan<char> text)
    {
        var letters = 0;
        foreach (var c in text)
        {
            letters += char.IsAsciiLetter(c) ? 1 : 0;
        }

        return letters;
    }
}
