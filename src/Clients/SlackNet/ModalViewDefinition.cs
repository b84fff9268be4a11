using SlackNet.Blocks;

namespace SlackNet;

/// <summary>A dialog window.</summary>
/// <remarks>https://docs.slack.dev/reference/views/modal-views</remarks>
public sealed class ModalViewDefinition() : ViewDefinition("modal")
{
    /// <summary>At most 24 characters.</summary>
    public PlainText Title { get; set; }

    /// <summary>The button that closes it; at most 24 characters.</summary>
    public PlainText Close { get; set; }
}
