using k8s.Models;

namespace k8s;

/// <summary>The groups of the API, apart from how they are reached.</summary>
public abstract class AbstractKubernetes :
    ICoreV1Operations, IAppsV1Operations, IBatchV1Operations, IAutoscalingV2Operations, INetworkingV1Operations, IPolicyV1Operations,
    IStorageV1Operations, IAuthorizationV1Operations, ICustomObjectsOperations, IVersionOperations
{
    private protected AbstractKubernetes()
    {
    }

    /// <summary>How long a call may take, its body included; 100 seconds unless the configuration says otherwise.</summary>
    public virtual TimeSpan HttpClientTimeout { get; set; } = TimeSpan.FromSeconds(100);

    public ICoreV1Operations CoreV1 => this;

    public IAppsV1Operations AppsV1 => this;

    public IBatchV1Operations BatchV1 => this;

    public IAutoscalingV2Operations AutoscalingV2 => this;

    public INetworkingV1Operations NetworkingV1 => this;

    public IPolicyV1Operations PolicyV1 => this;

    public IStorageV1Operations StorageV1 => this;

    public IAuthorizationV1Operations AuthorizationV1 => this;

    public ICustomObjectsOperations CustomObjects => this;

    public IVersionOperations Version => this;

    AbstractKubernetes ICoreV1Operations.Client => this;

    AbstractKubernetes IAppsV1Operations.Client => this;

    AbstractKubernetes IBatchV1Operations.Client => this;

    AbstractKubernetes IAutoscalingV2Operations.Client => this;

    AbstractKubernetes INetworkingV1Operations.Client => this;

    AbstractKubernetes IPolicyV1Operations.Client => this;

    AbstractKubernetes IStorageV1Operations.Client => this;

    AbstractKubernetes IAuthorizationV1Operations.Client => this;

    AbstractKubernetes ICustomObjectsOperations.Client => this;

    AbstractKubernetes IVersionOperations.Client => this;

    internal Task<T> GetAsync<T>(string relativeUri, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Get, relativeUri, null, cancellationToken);

    internal Task<T> CreateAsync<T>(string relativeUri, object body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SendAsync<T>(HttpMethod.Post, relativeUri, body, cancellationToken);
    }

    internal Task<T> PatchAsync<T>(string relativeUri, V1Patch body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SendAsync<T>(HttpMethod.Patch, relativeUri, body, cancellationToken);
    }

    /// <param name="relativeUri">Of the object.</param>
    /// <param name="options">May be null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal Task<T> DeleteAsync<T>(string relativeUri, V1DeleteOptions options, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Delete, relativeUri, options, cancellationToken);

    /// <param name="method">What to do.</param>
    /// <param name="relativeUri">With what.</param>
    /// <param name="body">Written as JSON; null for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal abstract Task<T> SendAsync<T>(HttpMethod method, string relativeUri, object body, CancellationToken cancellationToken);

    internal abstract Task<Stream> GetStreamAsync(string relativeUri, CancellationToken cancellationToken);
}
