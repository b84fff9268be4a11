using System.Text;
using System.Text.RegularExpressions;
using AlertResponder.Redaction;

namespace AlertResponder.Enrichment.Cluster;

/// <summary>The end of a log, whatever its length, without secrets: its last lines, and the errors among those before.</summary>
internal static partial class LogTail
{
    /// <summary>Lines asked of the API server.</summary>
    public const int Lines = 200;

    /// <summary>Bytes asked of the API server: lines may be of any length. It cuts at the end, so this is a last resort.</summary>
    public const int LimitBytes = 4 * 1024 * 1024;

    // What is looked through; of that LogExcerpt keeps little.
    private const int Characters = 64 * 1024;
    private const int LongestLine = 1024;

    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Queue<string> tail = [];
        var length = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var kept = Cut(WithoutColours(line));
            tail.Enqueue(kept);
            length += kept.Length + 1;
            while (length > Characters || tail.Count > Lines)
            {
                length -= tail.Dequeue().Length + 1;
            }
        }

        // Before lines are left out: of a key that lost its first line the rest is not recognised.
        return LogExcerpt.Of(Redactor.Redact(string.Join('\n', tail)).Split('\n'));
    }

    private static string WithoutColours(string line) => line.AsSpan().ContainsAnyInRange('\0', '\x1f') ? Control().Replace(line, "") : line;

    // Redacted first: half of a secret is no longer recognised.
    private static string Cut(string line)
    {
        if (line.Length <= LongestLine)
        {
            return line;
        }

        var redacted = Redactor.Redact(line);
        return redacted.Length > LongestLine ? string.Concat(redacted.AsSpan(0, LongestLine), "…") : redacted;
    }

    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b.|[\x00-\x08\x0b-\x1f]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Control();
}
