using SlackNet.Blocks;
using SlackNet.Events;

namespace SlackNet.Interaction;

/// <summary>Somebody clicked.</summary>
/// <remarks>https://docs.slack.dev/reference/interaction-payloads/block_actions-payload</remarks>
public sealed class BlockActionRequest : InteractionRequest
{
    /// <summary>Where the click was made.</summary>
    public Container Container { get; set; }

    /// <summary>The message as it stood; null for one that only one person sees.</summary>
    public MessageEvent Message { get; set; }

    /// <summary>One; Slack never sends several.</summary>
    public IList<BlockAction> Actions { get; set; } = [];
}
