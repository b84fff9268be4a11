namespace SlackNet.WebApi;

public interface IAppsConnectionsApi
{
    /// <summary>Asks for the address of a Socket Mode connection. Takes an app-level token (xapp-), not a bot's.</summary>
    /// <remarks>https://docs.slack.dev/reference/methods/apps.connections.open</remarks>
    Task<ConnectionOpenResponse> Open(CancellationToken cancellationToken = default);
}
