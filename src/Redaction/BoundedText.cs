namespace AlertResponder.Redaction;

/// <summary>Foreign text, no longer than a reader or a store takes it.</summary>
public static class BoundedText
{
    private const string CutMark = "…";

    /// <summary>The text, at most so many characters long, a cut marked; never half of a surrogate pair, which no store takes.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var kept = length - CutMark.Length;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[kept - 1]) ? kept - 1 : kept), CutMark);
    }
}
