namespace k8s;

/// <summary>The groups of the API, apart from how they are reached.</summary>
public abstract class AbstractKubernetes : ICoreV1Operations, IAppsV1Operations, IBatchV1Operations
{
    private protected AbstractKubernetes()
    {
    }

    /// <summary>How long a call may take, its body included; 100 seconds unless the configuration says otherwise.</summary>
    public virtual TimeSpan HttpClientTimeout { get; set; } = TimeSpan.FromSeconds(100);

    public ICoreV1Operations CoreV1 => this;

    public IAppsV1Operations AppsV1 => this;

    public IBatchV1Operations BatchV1 => this;

    AbstractKubernetes ICoreV1Operations.Client => this;

    AbstractKubernetes IAppsV1Operations.Client => this;

    AbstractKubernetes IBatchV1Operations.Client => this;

    internal abstract Task<T> GetAsync<T>(string relativeUri, CancellationToken cancellationToken);

    internal abstract Task<Stream> GetStreamAsync(string relativeUri, CancellationToken cancellationToken);
}
