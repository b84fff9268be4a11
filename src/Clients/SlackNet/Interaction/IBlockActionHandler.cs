namespace SlackNet.Interaction;

/// <summary>
/// Takes clicks that come through Socket Mode. A click is acknowledged when all handlers are done, which must be within three seconds; it
/// is acknowledged and lost when one of them throws.
/// </summary>
public interface IBlockActionHandler
{
    Task Handle(BlockActionRequest request);
}
