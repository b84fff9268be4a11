using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using k8s;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>What a plug-in gave.</summary>
/// <param name="Token">A bearer token; null when there is a certificate alone.</param>
/// <param name="Certificate">A client certificate with its key.</param>
/// <param name="ExpiresAt">Null: until the API server refuses it.</param>
internal sealed record PluginCredential(string? Token, X509Certificate2? Certificate, DateTimeOffset? ExpiresAt);

/// <summary>
/// The credential of a plug-in with each request. It runs when the first request needs it, so that no start waits for it, once for all that wait, and
/// again when the credential is about to expire or was refused.
/// </summary>
internal sealed class PluginCredentials : DelegatingHandler
{
    // Also how long connections live: one may have been opened with the certificate before.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly CredentialPlugin plugin;
    private readonly TimeProvider time;
    private PluginCredential? current;
    private DateTimeOffset obtainedAt;
    private Task<PluginCredential>? running;

    public PluginCredentials(CredentialPlugin plugin, KubernetesClientConfiguration configuration, TimeProvider time)
    {
        (this.plugin, this.time) = (plugin, time);
        configuration.FirstMessageHandlerSetup += transport =>
        {
            transport.PooledConnectionLifetime = Margin;
            transport.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => current?.Certificate!;
        };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var credential = await CurrentAsync().WaitAsync(cancellationToken);
        if (credential.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            Forget(credential);
        }

        return response;
    }

    // Not under the caller's token: a try of five seconds must not end a plug-in that takes ten.
    private Task<PluginCredential> CurrentAsync()
    {
        lock (gate)
        {
            if (current is { } credential && !(credential.ExpiresAt <= time.GetUtcNow() + Margin))
            {
                return Task.FromResult(credential);
            }

            return running ??= Task.Run(RunAsync, CancellationToken.None);
        }
    }

    private async Task<PluginCredential> RunAsync()
    {
        try
        {
            var credential = await plugin.RunAsync(time);
            lock (gate)
            {
                (current, obtainedAt) = (credential, time.GetUtcNow());
            }

            return credential;
        }
        finally
        {
            lock (gate)
            {
                running = null;
            }
        }
    }

    // One that was only just obtained is refused for another reason than its age.
    private void Forget(PluginCredential refused)
    {
        lock (gate)
        {
            if (ReferenceEquals(current, refused) && time.GetUtcNow() - obtainedAt > Margin)
            {
                current = null;
            }
        }
    }
}
