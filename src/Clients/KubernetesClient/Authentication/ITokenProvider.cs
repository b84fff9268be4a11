using System.Net.Http.Headers;

namespace k8s.Authentication;

/// <summary>Where the credential of each request comes from.</summary>
public interface ITokenProvider
{
    Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken);
}
