using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using k8s.Authentication;
using k8s.Autorest;
using k8s.Exceptions;
using k8s.Models;

namespace k8s;

/// <summary>A client of one API server. It does not retry; handlers see every request.</summary>
public sealed class Kubernetes : AbstractKubernetes, IKubernetes
{
    private readonly HttpClient _http;
    private readonly X509Certificate2 _clientCertificate;
    private readonly ITokenProvider _tokens;
    private readonly AuthenticationHeaderValue _fixedCredential;
    private readonly string _tlsServerName;

    /// <param name="config">Read once, here.</param>
    /// <param name="handlers">The first one sees a request first. Disposed with the client.</param>
    /// <exception cref="KubeConfigException">The configuration has no usable host or client certificate.</exception>
    public Kubernetes(KubernetesClientConfiguration config, params DelegatingHandler[] handlers)
    {
        BaseUri = HostOf(config);
        HttpClientTimeout = config.HttpClientTimeout;
        _tlsServerName = config.TlsServerName;
        _tokens = config.TokenProvider;
        _fixedCredential = FixedCredential(config);
        _clientCertificate = Certificates.ClientCertificate(config);
        _http = new HttpClient(Chained(handlers, Transport(config))) { Timeout = Timeout.InfiniteTimeSpan };
        if (!string.IsNullOrWhiteSpace(config.UserAgent))
            _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", config.UserAgent);
    }

    public Uri BaseUri
    {
        get;
        set => field = value.AbsoluteUri.EndsWith('/') ? value : new Uri(value.AbsoluteUri + "/");
    }

    public void Dispose()
    {
        _http.Dispose();
        _clientCertificate?.Dispose();
    }

    internal override async Task<T> SendAsync<T>(HttpMethod method, string relativeUri, object body, CancellationToken cancellationToken)
    {
        using var deadline = Deadline(cancellationToken);
        using var response = await SendAsync(method, relativeUri, body, deadline.Token);
        await using var answer = await response.Content.ReadAsStreamAsync(deadline.Token);
        return await JsonSerializer.DeserializeAsync<T>(answer, KubernetesJson.Options, deadline.Token);
    }

    internal override async Task<Stream> GetStreamAsync(string relativeUri, CancellationToken cancellationToken)
    {
        using var deadline = Deadline(cancellationToken);
        var response = await SendAsync(HttpMethod.Get, relativeUri, null, deadline.Token);
        return await response.Content.ReadAsStreamAsync(deadline.Token);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string relativeUri, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(BaseUri, relativeUri)) { Version = HttpVersion.Version20 };
        var json = body is null ? "" : KubernetesJson.Serialize(body);
        if (body is not null)
            request.Content = new StringContent(json, Encoding.UTF8, (body as V1Patch)?.MediaType ?? "application/json");
        request.Headers.Authorization = _tokens is null ? _fixedCredential : await _tokens.GetAuthenticationHeaderAsync(cancellationToken);
        if (!string.IsNullOrWhiteSpace(_tlsServerName))
            request.Headers.Host = _tlsServerName;

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
        {
            var content = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpOperationException($"Operation returned an invalid status code '{response.StatusCode}', response body {content}")
            {
                Request = new HttpRequestMessageWrapper(request, json),
                Response = new HttpResponseMessageWrapper(response, content),
            };
        }
    }

    private CancellationTokenSource Deadline(CancellationToken cancellationToken)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(HttpClientTimeout);
        return deadline;
    }

    private static Uri HostOf(KubernetesClientConfiguration config)
    {
        if (config is null)
            throw new KubeConfigException("A configuration is needed");
        if (string.IsNullOrWhiteSpace(config.Host))
            throw new KubeConfigException("The configuration has no host");
        return Uri.TryCreate(config.Host, UriKind.Absolute, out var host)
            ? host
            : throw new KubeConfigException($"The host {config.Host} is not an absolute URL");
    }

    private static AuthenticationHeaderValue FixedCredential(KubernetesClientConfiguration config)
    {
        if (!string.IsNullOrEmpty(config.AccessToken))
            return new AuthenticationHeaderValue("Bearer", config.AccessToken);
        return string.IsNullOrEmpty(config.Username)
            ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{config.Username}:{config.Password}")));
    }

    private SocketsHttpHandler Transport(KubernetesClientConfiguration config)
    {
        var transport = new SocketsHttpHandler
        {
            // A connection that died in silence is noticed while a request waits on it.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = TimeSpan.FromMinutes(3),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
            EnableMultipleHttp2Connections = true,
        };
        if (config.SkipTlsVerify)
        {
#pragma warning disable CA5359 // Asked for: insecure-skip-tls-verify.
            transport.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (config.SslCaCerts is not null)
        {
            transport.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            transport.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(config.SslCaCerts);
        }

        if (_clientCertificate is not null)
            transport.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(_clientCertificate, null, offline: true);
        return transport;
    }

    private static HttpMessageHandler Chained(DelegatingHandler[] handlers, HttpMessageHandler transport)
    {
        var first = transport;
        foreach (var handler in handlers.Reverse())
        {
            var innermost = handler;
            while (innermost.InnerHandler is DelegatingHandler inner)
                innermost = inner;
            innermost.InnerHandler = first;
            first = handler;
        }

        return first;
    }
}
