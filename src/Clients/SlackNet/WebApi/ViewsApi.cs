namespace SlackNet.WebApi;

internal sealed class ViewsApi(ISlackApiClient client) : IViewsApi
{
    public Task<ViewResponse> Open(string triggerId, ViewDefinition view, CancellationToken cancellationToken = default) =>
        client.Post<ViewResponse>(
            "views.open",
            new Dictionary<string, object>(StringComparer.Ordinal) { ["trigger_id"] = triggerId, ["view"] = view },
            cancellationToken);
}
