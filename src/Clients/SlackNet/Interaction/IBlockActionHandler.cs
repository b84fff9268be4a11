using SlackNet.Blocks;

namespace SlackNet.Interaction;

/// <summary>
/// Takes clicks that come through Socket Mode. A click is acknowledged when all handlers are done, which must be within three seconds; it
/// is acknowledged and lost when one of them throws.
/// </summary>
public interface IBlockActionHandler
{
    Task Handle(BlockActionRequest request);
}

/// <inheritdoc cref="IBlockActionHandler" />
/// <typeparam name="TAction">The kind of element that was clicked; others are left out.</typeparam>
public interface IBlockActionHandler<in TAction>
    where TAction : BlockAction
{
    Task Handle(TAction action, BlockActionRequest request);
}
