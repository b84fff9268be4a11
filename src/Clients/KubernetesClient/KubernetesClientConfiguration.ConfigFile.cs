using System.Net;
using System.Text;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace k8s;

public sealed partial class KubernetesClientConfiguration
{
    /// <summary>
    /// The kubeconfigs that KUBECONFIG names, merged, the first one winning; else <c>~/.kube/config</c>; else the pod's service account;
    /// else <c>http://localhost:8080</c>.
    /// </summary>
    /// <exception cref="KubeConfigException">What was found is not usable.</exception>
    public static KubernetesClientConfiguration BuildDefaultConfig() => BuildDefaultConfig(Surroundings.Process);

    /// <summary>The configuration of one kubeconfig.</summary>
    /// <param name="kubeconfigPath">Null for <c>~/.kube/config</c>; KUBECONFIG is not asked.</param>
    /// <param name="currentContext">Null for the file's own current context.</param>
    /// <param name="masterUrl">The API server's URL instead of the context's.</param>
    /// <param name="useRelativePaths">True: paths in the file are relative to it; false: to the working directory.</param>
    /// <exception cref="KubeConfigException">The file is missing or not usable.</exception>
    public static KubernetesClientConfiguration BuildConfigFromConfigFile(
        string kubeconfigPath = null, string currentContext = null, string masterUrl = null, bool useRelativePaths = true)
    {
        var file = new FileInfo(kubeconfigPath ?? Surroundings.Process.DefaultKubeconfig);
        return Synchronously(async () => await FromAsync(await K8SConfiguration.LoadAsync(file, useRelativePaths), currentContext, masterUrl));
    }

    internal static KubernetesClientConfiguration BuildDefaultConfig(Surroundings surroundings)
    {
        var named = surroundings.Variable("KUBECONFIG");
        if (named is not null)
            return Synchronously(() => FromMergedAsync(named.Split(Path.PathSeparator)));
        if (File.Exists(surroundings.DefaultKubeconfig))
            return BuildConfigFromConfigFile(surroundings.DefaultKubeconfig);
        return IsInCluster(surroundings)
            ? InClusterConfig(surroundings)
            : new KubernetesClientConfiguration { Host = "http://localhost:8080" };
    }

    private static async Task<KubernetesClientConfiguration> FromMergedAsync(string[] paths)
    {
        K8SConfiguration merged = null;
        foreach (var path in paths.Select(p => p.Trim('"')))
        {
            if (path.Length == 0)
                throw new KubeConfigException("KUBECONFIG names an empty path");
            var next = await K8SConfiguration.LoadAsync(new FileInfo(path), useRelativePaths: true);
            if (merged is null)
                merged = next;
            else
                merged.Merge(next);
        }

        return await FromAsync(merged, null, null);
    }

    private static async Task<KubernetesClientConfiguration> FromAsync(K8SConfiguration kubeconfig, string currentContext, string masterUrl)
    {
        var configuration = new KubernetesClientConfiguration();
        if ((currentContext ?? kubeconfig.CurrentContext) is { } name)
        {
            var context = Named(kubeconfig.Contexts, c => c.Name, name);
            if (context is null)
                throw new KubeConfigException($"The kubeconfig has no context {name}");
            if (string.IsNullOrEmpty(context.ContextDetails?.Cluster))
                throw new KubeConfigException($"The context {name} of the kubeconfig names no cluster");
            configuration.CurrentContext = context.Name;
            configuration.Namespace = context.ContextDetails.Namespace;
            configuration.Use(kubeconfig, Named(kubeconfig.Clusters, c => c.Name, context.ContextDetails.Cluster)?.ClusterEndpoint
                ?? throw new KubeConfigException($"The kubeconfig has no cluster {context.ContextDetails.Cluster}"));
            if (!string.IsNullOrWhiteSpace(context.ContextDetails.User))
            {
                var user = Named(kubeconfig.Users, u => u.Name, context.ContextDetails.User)?.UserCredentials
                    ?? throw new KubeConfigException($"The kubeconfig has no user {context.ContextDetails.User}");
                await configuration.UseAsync(kubeconfig, context.ContextDetails.User, user);
            }
        }

        if (!string.IsNullOrWhiteSpace(masterUrl))
            configuration.Host = masterUrl;
        return string.IsNullOrWhiteSpace(configuration.Host)
            ? throw new KubeConfigException("The kubeconfig has no current context, so the API server's URL is unknown")
            : configuration;
    }

    private void Use(K8SConfiguration kubeconfig, ClusterEndpoint cluster)
    {
        if (!Uri.TryCreate(cluster.Server, UriKind.Absolute, out var server))
            throw new KubeConfigException($"The server of the kubeconfig's cluster is «{cluster.Server}», not an absolute URL");
        Host = WithReachableHost(server, cluster.Server);
        SkipTlsVerify = cluster.SkipTlsVerify;
        TlsServerName = cluster.TlsServerName;
        if (server.Scheme != Uri.UriSchemeHttps)
            return;
        if (!string.IsNullOrEmpty(cluster.CertificateAuthorityData))
            SslCaCerts = Certificates.Authorities(cluster.CertificateAuthorityData, null);
        else if (!string.IsNullOrEmpty(cluster.CertificateAuthority))
            SslCaCerts = Certificates.Authorities(null, kubeconfig.FullPath(cluster.CertificateAuthority));
    }

    private async Task UseAsync(K8SConfiguration kubeconfig, string name, UserCredentials user)
    {
        // As with kubectl, the file counts where there are both.
        if (!string.IsNullOrWhiteSpace(user.TokenFile))
            TokenProvider = TokenFile(kubeconfig.FullPath(user.TokenFile));
        else if (!string.IsNullOrWhiteSpace(user.Token))
            AccessToken = user.Token;
        else if (!string.IsNullOrWhiteSpace(user.UserName) && !string.IsNullOrWhiteSpace(user.Password))
            (Username, Password) = (user.UserName, user.Password);

        if (!string.IsNullOrWhiteSpace(user.ClientCertificateData) && !string.IsNullOrWhiteSpace(user.ClientKeyData))
            (ClientCertificateData, ClientCertificateKeyData) = (user.ClientCertificateData, user.ClientKeyData);
        if (!string.IsNullOrWhiteSpace(user.ClientCertificate) && !string.IsNullOrWhiteSpace(user.ClientKey))
            (ClientCertificateFilePath, ClientKeyFilePath) = (kubeconfig.FullPath(user.ClientCertificate), kubeconfig.FullPath(user.ClientKey));

        if (user.ExternalExecution is { } plugin)
            await UseAsync(plugin);

        if (AccessToken is null && TokenProvider is null && Username is null && ClientCertificateData is null && ClientCertificateFilePath is null)
        {
            throw new KubeConfigException(
                $"The user {name} of the kubeconfig has no usable credentials: "
                + "a token, token file, user name and password, client certificate with key, or exec plug-in");
        }
    }

    private static TokenFileAuth TokenFile(string path) =>
        File.Exists(path) ? new TokenFileAuth(path) : throw new KubeConfigException($"The kubeconfig's token file {path} does not exist");

    private async Task UseAsync(ExternalExecution plugin)
    {
        if (string.IsNullOrWhiteSpace(plugin.Command) || string.IsNullOrWhiteSpace(plugin.ApiVersion))
            throw new KubeConfigException("The credential plug-in of the kubeconfig needs a command and an apiVersion");
        var credential = await CredentialPlugin.RunAsync(plugin, CredentialPlugin.Timeout, CancellationToken.None);
        AccessToken = credential.Token;
        ClientCertificateData = Base64(credential.ClientCertificateData);
        ClientCertificateKeyData = Base64(credential.ClientKeyData);
        if (AccessToken is not null)
            TokenProvider = new ExecTokenProvider(plugin, TimeProvider.System);
    }

    private static string Base64(string pem) => pem is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));

    // Local clusters write the address they listen on, and 0.0.0.0 is none to connect to.
    private static string WithReachableHost(Uri server, string asWritten) =>
        IPAddress.TryParse(server.Host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(server) { Host = (address.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback).ToString() }.ToString()
            : asWritten;

    private static T Named<T>(IEnumerable<T> all, Func<T, string> nameOf, string name)
        where T : class =>
        all.FirstOrDefault(one => string.Equals(nameOf(one), name, StringComparison.OrdinalIgnoreCase));

    // Off the caller's synchronization context, if there is one: this blocks it.
    private static KubernetesClientConfiguration Synchronously(Func<Task<KubernetesClientConfiguration>> build) =>
        Task.Run(build).GetAwaiter().GetResult();
}
