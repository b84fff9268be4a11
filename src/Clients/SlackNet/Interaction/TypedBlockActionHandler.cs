using SlackNet.Blocks;

namespace SlackNet.Interaction;

/// <param name="handler">Takes the clicks on one kind of element.</param>
/// <param name="actionId">Null for whatever id.</param>
internal sealed class TypedBlockActionHandler<TAction>(IBlockActionHandler<TAction> handler, string actionId = null) : IBlockActionHandler
    where TAction : BlockAction
{
    public Task Handle(BlockActionRequest request) =>
        request.Action is TAction action && (actionId is null || action.ActionId == actionId)
            ? handler.Handle(action, request)
            : Task.CompletedTask;
}
