using System.Text;
using System.Text.RegularExpressions;

namespace AlertResponder.Redaction;

/// <summary>The end of a container's log without secrets: the only way in which a log may be shown.</summary>
public static partial class RedactedLog
{
    // What is kept of a log while it is read.
    private const int Characters = 64 * 1024;
    private const int LongestLine = 1024;

    /// <summary>The last lines, of any length of the log, redacted and without colours; a long line is cut.</summary>
    /// <param name="stream">The log, UTF-8.</param>
    /// <param name="lines">How many lines at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<string>> TailAsync(Stream stream, int lines, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Queue<string> tail = [];
        var length = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var kept = Cut(WithoutColours(line));
            tail.Enqueue(kept);
            length += kept.Length + 1;
            while (length > Characters || tail.Count > lines)
            {
                length -= tail.Dequeue().Length + 1;
            }
        }

        // Before lines are left out: of a key that lost its first line the rest is not recognised.
        return Redactor.Redact(string.Join('\n', tail)).Split('\n');
    }

    private static string WithoutColours(string line) => line.AsSpan().ContainsAnyInRange('\0', '\x1f') ? Control().Replace(line, "") : line;

    // Redacted first: half of a secret is no longer recognised.
    private static string Cut(string line)
    {
        if (line.Length <= LongestLine)
        {
            return line;
        }

        return BoundedText.Cut(Redactor.Redact(line), LongestLine);
    }

    [GeneratedRegex(
        @"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b.|[\x00-\x08\x0b-\x1f]", RegexOptions.ExplicitCapture, Redactor.SearchTimeout)]
    private static partial Regex Control();
}
