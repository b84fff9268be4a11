namespace AlertResponder.Redaction;

/// <summary>A part of a text.</summary>
internal readonly record struct SecretSpan(int Start, int End)
{
    public bool IsEmpty => End <= Start;

    public static SecretSpan Of(System.Text.RegularExpressions.Capture part) => new(part.Index, part.Index + part.Length);

    /// <summary>In their order, those that touch made one.</summary>
    public static IReadOnlyList<SecretSpan> Merged(IEnumerable<SecretSpan> spans)
    {
        List<SecretSpan> merged = [];
        foreach (var span in spans.Where(span => !span.IsEmpty).OrderBy(span => span.Start))
        {
            if (merged.Count > 0 && merged[^1].End >= span.Start)
            {
                merged[^1] = merged[^1] with { End = Math.Max(merged[^1].End, span.End) };
            }
            else
            {
                merged.Add(span);
            }
        }

        return merged;
    }
}
