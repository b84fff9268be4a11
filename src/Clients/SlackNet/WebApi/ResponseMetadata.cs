namespace SlackNet.WebApi;

public sealed class ResponseMetadata
{
    /// <summary>Where the next page begins; empty or null on the last.</summary>
    public string NextCursor { get; set; }
}
