namespace SlackNet.WebApi;

public interface IViewsApi
{
    /// <summary>Opens a view for the person whose click gave the trigger.</summary>
    /// <param name="triggerId">Good for one view, for three seconds: expired_trigger_id and exchanged_trigger_id say so.</param>
    /// <param name="view">What to show.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <remarks>https://docs.slack.dev/reference/methods/views.open</remarks>
    Task<ViewResponse> Open(string triggerId, ViewDefinition view, CancellationToken cancellationToken = default);
}
