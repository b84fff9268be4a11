using System.Net.Http.Headers;
using k8s.Authentication;
using k8s.Exceptions;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>The token of a file that is replaced from time to time; while it cannot be read, the one before.</summary>
internal sealed class SteadyToken(ITokenProvider file) : ITokenProvider
{
    private volatile AuthenticationHeaderValue? last;

    /// <exception cref="KubeConfigException">It has never been readable.</exception>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            var header = await file.GetAuthenticationHeaderAsync(cancellationToken);
            return last = string.IsNullOrEmpty(header.Parameter) ? throw new KubeConfigException("The file of the token is empty") : header;
        }
        catch (Exception e) when (e is AggregateException or IOException or UnauthorizedAccessException or FormatException or KubeConfigException)
        {
            return last ?? throw new KubeConfigException($"The token cannot be read ({e.GetBaseException().Message.TrimEnd('.')})", e);
        }
    }
}
