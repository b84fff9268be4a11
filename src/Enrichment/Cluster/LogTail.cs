using System.Text;
using AlertResponder.Redaction;

namespace AlertResponder.Enrichment.Cluster;

/// <summary>The end of a log, whatever its length.</summary>
internal static class LogTail
{
    /// <summary>Lines asked of the API server.</summary>
    public const int Lines = 50;

    /// <summary>Bytes asked of the API server: lines may be of any length. It cuts at the end, so this is a last resort.</summary>
    public const int LimitBytes = 4 * 1024 * 1024;

    /// <summary>Characters kept.</summary>
    public const int Characters = 6 * 1024;

    private const int LongestLine = 1024;

    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Queue<string> tail = [];
        var length = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var kept = line.Length > LongestLine ? Cut(line) : line;
            tail.Enqueue(kept);
            length += kept.Length + 1;
            while (length > Characters || tail.Count > Lines)
            {
                length -= tail.Dequeue().Length + 1;
            }
        }

        return string.Join('\n', tail);
    }

    // Redacted first: half of a secret is no longer recognised.
    private static string Cut(string line)
    {
        var redacted = Redactor.Redact(line);
        return redacted.Length > LongestLine ? string.Concat(redacted.AsSpan(0, LongestLine), "…") : redacted;
    }
}
