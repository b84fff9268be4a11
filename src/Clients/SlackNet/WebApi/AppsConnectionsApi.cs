namespace SlackNet.WebApi;

internal sealed class AppsConnectionsApi(ISlackApiClient client) : IAppsConnectionsApi
{
    public Task<ConnectionOpenResponse> Open(CancellationToken cancellationToken = default) =>
        client.Post<ConnectionOpenResponse>("apps.connections.open", [], cancellationToken);
}
