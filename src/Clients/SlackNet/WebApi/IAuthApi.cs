namespace SlackNet.WebApi;

public interface IAuthApi
{
    /// <summary>Whose token this is.</summary>
    /// <remarks>https://docs.slack.dev/reference/methods/auth.test</remarks>
    Task<AuthTestResponse> Test(CancellationToken cancellationToken = default);
}
