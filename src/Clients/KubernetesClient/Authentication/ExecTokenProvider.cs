using System.Net.Http.Headers;
using k8s.KubeConfigModels;

namespace k8s.Authentication;

/// <summary>Tokens of a credential plug-in, which is run again when the last token is about to expire.</summary>
internal sealed class ExecTokenProvider(ExternalExecution plugin, TimeProvider time) : ITokenProvider
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private volatile ExecCredentialResponse.ExecStatus _last;

    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        var last = _last;
        if (last is null || last.ExpirationTimestamp <= time.GetUtcNow().UtcDateTime + Margin)
            _last = last = await CredentialPlugin.RunAsync(plugin, CredentialPlugin.Timeout, cancellationToken);
        return new AuthenticationHeaderValue("Bearer", last.Token);
    }
}
