namespace AlertResponder.Analysis.Prompt;

/// <summary>
/// How many tokens a text has at most, without the model's own vocabulary. Counted per run of characters: four letters a token,
/// every digit and every punctuation mark one, a line break one, a space none (vocabularies join it to the word after it), beyond
/// ASCII one or two a character. English prose comes out about a third too high, logs full of digits somewhat above the truth.
/// </summary>
public static class TokenEstimate
{
    private const int LettersPerToken = 4;

    public static int Of(string text)
    {
        var tokens = 0;
        var letters = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiLetter(character))
            {
                letters++;
                continue;
            }

            tokens += (letters + LettersPerToken - 1) / LettersPerToken;
            letters = 0;
            tokens += character switch
            {
                ' ' => 0,
                < (char)0x80 => 1,
                < (char)0x800 => 1,
                _ => 2,
            };
        }

        return tokens + ((letters + LettersPerToken - 1) / LettersPerToken);
    }
}
