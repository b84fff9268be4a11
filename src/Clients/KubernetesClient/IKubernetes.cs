namespace k8s;

/// <summary>The API of one cluster, group by group. Safe for use from several threads.</summary>
public interface IKubernetes : IDisposable
{
    /// <summary>Where the API server is; ends in a slash.</summary>
    Uri BaseUri { get; set; }

    ICoreV1Operations CoreV1 { get; }

    IAppsV1Operations AppsV1 { get; }

    IBatchV1Operations BatchV1 { get; }

    IAutoscalingV2Operations AutoscalingV2 { get; }

    INetworkingV1Operations NetworkingV1 { get; }

    IPolicyV1Operations PolicyV1 { get; }

    IStorageV1Operations StorageV1 { get; }

    IAuthorizationV1Operations AuthorizationV1 { get; }

    ICustomObjectsOperations CustomObjects { get; }

    IVersionOperations Version { get; }
}
