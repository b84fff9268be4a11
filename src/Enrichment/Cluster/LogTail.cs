using AlertResponder.Redaction;

namespace AlertResponder.Enrichment.Cluster;

/// <summary>The end of a log, whatever its length, without secrets: its last lines, and the errors among those before.</summary>
internal static class LogTail
{
    /// <summary>Lines asked of the API server.</summary>
    public const int Lines = 200;

    /// <summary>Bytes asked of the API server: lines may be of any length. It cuts at the end, so this is a last resort.</summary>
    public const int LimitBytes = 4 * 1024 * 1024;

    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken) =>
        LogExcerpt.Of(await RedactedLog.TailAsync(stream, Lines, cancellationToken));
}
