using SlackNet.Blocks;
using SlackNet.WebApi;

namespace SlackNet.Interaction;

/// <summary>What goes to a response URL: the message and what becomes of the original, in one object.</summary>
internal sealed class MessageUpdateResponse(MessageResponse response) : IReadOnlyMessage
{
    public string Channel => response.Message?.Channel;

    public string Text => response.Message?.Text;

    public ParseMode Parse => response.Message?.Parse ?? ParseMode.None;

    public IList<Block> Blocks => response.Message?.Blocks;

    public bool UnfurlLinks => response.Message?.UnfurlLinks ?? false;

    public bool UnfurlMedia => response.Message?.UnfurlMedia ?? false;

    public string ThreadTs => response.Message?.ThreadTs;

    public bool ReplyBroadcast => response.Message?.ReplyBroadcast ?? false;

    public ResponseType ResponseType => response.ResponseType;

    public bool ReplaceOriginal => response.ReplaceOriginal;

    public bool DeleteOriginal => response.DeleteOriginal;
}
