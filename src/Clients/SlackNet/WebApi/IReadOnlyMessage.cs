using SlackNet.Blocks;

namespace SlackNet.WebApi;

/// <summary>A message as it is sent.</summary>
public interface IReadOnlyMessage
{
    string Channel { get; }

    string Text { get; }

    ParseMode Parse { get; }

    IList<Block> Blocks { get; }

    bool UnfurlLinks { get; }

    bool UnfurlMedia { get; }

    string ThreadTs { get; }

    bool ReplyBroadcast { get; }
}
