namespace AlertResponder.Gateway.Slack;

/// <summary>What became of a click.</summary>
internal enum ClickResult
{
    /// <summary>It is safe: it survives a crash of this process, and remediation will answer it.</summary>
    Accepted,

    /// <summary>The same click was accepted before; nothing was published.</summary>
    Repeated,

    /// <summary>From another workspace, or on a message that this app has not posted.</summary>
    Foreign,

    /// <summary>Nobody knows the proposal nor its incident (any more).</summary>
    Unknown,
}
