using System.Text;
using System.Text.Json;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>The text of a JSON token, whatever is in it: what is not Unicode, and U+0000, which PostgreSQL cannot store, is replaced.</summary>
internal static class JsonText
{
    /// <summary>The text of a name or string token; of another token its JSON.</summary>
    /// <param name="reader">At a token whose bytes are in one piece.</param>
    public static string Of(ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan);
        if (reader.ValueIsEscaped)
        {
            text = Unescaped(text);
        }

        return Clean(text);
    }

    /// <summary>The text of a piece of JSON.</summary>
    public static string Of(ReadOnlySpan<byte> json) => Clean(Encoding.UTF8.GetString(json));

    // The reader has seen to it that each escape is one; it would throw at half of a pair.
    private static string Unescaped(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                result.Append((char)Convert.ToInt32(text.Substring(i + 1, 4), 16));
                i += 4;
                continue;
            }

            result.Append(text[i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                var other => other,
            });
        }

        return result.ToString();
    }

    private static string Clean(string text)
    {
        if (!text.Contains('\0', StringComparison.Ordinal) && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return result.ToString();
    }
}
