using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AlertResponder.Resilience;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>
/// The official client, and what it does not do itself: it asks only addresses that names cannot lead astray, reads answers without blocking a
/// thread, under the caller's token and a bound, believes no certificate but that of the host, and follows no redirect.
/// </summary>
internal sealed class GuardedKubernetes : k8s.Kubernetes
{
    /// <summary>Of a list or an object: 250 objects of 256 KiB.</summary>
    public const long MostBytes = 64 * 1024 * 1024;

    /// <summary>Of a log: twice what is asked for.</summary>
    public const long MostLogBytes = 8 * 1024 * 1024;

    // The pipeline's own timeouts are shorter; this is for calls outside of it.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    // The namespace a/pods/b would be that pod: such a name has the form of its address (see ApiAddress), and the answer tells.
    private static readonly ConcurrentDictionary<Type, string?> Kinds = new();

    private readonly JsonSerializerOptions json;

    /// <param name="configuration">Changed here.</param>
    /// <param name="handlers">The first one sees a request first.</param>
    public GuardedKubernetes(KubernetesClientConfiguration configuration, params IEnumerable<DelegatingHandler> handlers)
        : base(Guarded(configuration), [.. handlers, new BoundedErrors()]) => json = configuration.JsonSerializerOptions;

    protected override async Task<HttpResponseMessage> SendRequest<T>(
        string relativeUri, HttpMethod method, IReadOnlyDictionary<string, IReadOnlyList<string>> customHeaders, T body, CancellationToken cancellationToken)
    {
        ApiAddress.Check(method, relativeUri, body is not null);
        var response = await base.SendRequest(relativeUri, method, customHeaders, body, cancellationToken);
        try
        {
            // What is followed has no end.
            if (!relativeUri.Contains("watch=true", StringComparison.Ordinal) && !relativeUri.Contains("follow=true", StringComparison.Ordinal))
            {
                var isLog = relativeUri.Split('?')[0].EndsWith("/log", StringComparison.Ordinal);
                response.Content = new StreamContent(
                    new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), isLog ? MostLogBytes : MostBytes, "The Kubernetes API's"));
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    protected override async Task<HttpOperationResponse<T>> CreateResultAsync<T>(
        HttpRequestMessage httpRequest, HttpResponseMessage httpResponse, bool? watch, CancellationToken cancellationToken)
    {
        if (watch == true)
        {
            return await base.CreateResultAsync<T>(httpRequest, httpResponse, watch, cancellationToken);
        }

        try
        {
            await using var stream = await httpResponse.Content.ReadAsStreamAsync(cancellationToken);
            var body = await JsonSerializer.DeserializeAsync(stream, (JsonTypeInfo<T>)json.GetTypeInfo(typeof(T)), cancellationToken);
            if (httpRequest.Method == HttpMethod.Get && body is IKubernetesObject { Kind: { Length: > 0 } kind } && Kinds.GetOrAdd(typeof(T), KindOf) is { } wanted && kind != wanted)
            {
                throw new JsonException("The Kubernetes API answered with an object of another kind");
            }

            return new HttpOperationResponse<T>
            {
                Request = httpRequest,
                Response = httpResponse,
                Body = body ?? throw new JsonException("The Kubernetes API answered null"),
            };
        }
        catch (Exception e)
        {
            httpRequest.Dispose();
            httpResponse.Dispose();

            // Times, quantities and numbers or names: the converters have an exception each.
            if (e is FormatException or ArgumentException or OverflowException or NotSupportedException or InvalidOperationException)
            {
                throw new JsonException("The Kubernetes API's answer has a value that is none", e);
            }

            throw;
        }
    }

    private static string? KindOf(Type type) => type.GetCustomAttribute<KubernetesEntityAttribute>()?.Kind;

    private static KubernetesClientConfiguration Guarded(KubernetesClientConfiguration configuration)
    {
        // The package's own check, which it makes when there is an authority, forgets the name, and trusts everybody's authorities too.
        var authorities = configuration.SslCaCerts;
        configuration.SslCaCerts = null;
        configuration.HttpClientTimeout = Timeout;
        configuration.UserAgent = "alert-responder";
        if (configuration.TokenProvider is { } tokens)
        {
            configuration.TokenProvider = new SteadyToken(tokens);
        }

        configuration.FirstMessageHandlerSetup += transport =>
        {
            transport.AllowAutoRedirect = false;
            transport.UseCookies = false;
            transport.ConnectTimeout = Timeout;
            if (authorities is not null)
            {
                transport.SslOptions.CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                };
                transport.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            }
        };
        configuration.AddJsonOptions(options =>
        {
            options.Converters.Insert(0, new Quantities.Converter());
            options.TypeInfoResolver = options.TypeInfoResolver!.WithAddedModifier(RequiredFields.Require);
        });
        return configuration;
    }
}
