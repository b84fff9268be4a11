using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Authentication;
using k8s.Exceptions;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>
/// How to reach the cluster of a kubeconfig's current context, and as whom. What kubectl obeys is obeyed or refused; nothing is left out in
/// silence. Every refusal names the file, the entry and the mend.
/// </summary>
internal static class ClusterAccess
{
    /// <exception cref="KubeConfigException">The kubeconfig cannot be used.</exception>
    public static (KubernetesClientConfiguration Configuration, IReadOnlyList<DelegatingHandler> Handlers) Of(Kubeconfig kubeconfig, TimeProvider time)
    {
        if (string.IsNullOrWhiteSpace(kubeconfig.CurrentContext))
        {
            throw new KubeConfigException("It has no current context. Choose one with `kubectl config use-context`");
        }

        var name = kubeconfig.CurrentContext;
        var context = kubeconfig.Contexts!.Find(one => one!.Name == name)
            ?? throw new KubeConfigException(
                $"Its current context {name} is not among its contexts ({string.Join(", ", kubeconfig.Contexts.Select(one => one!.Name).DefaultIfEmpty("there are none"))}). "
                + "Choose one of these with `kubectl config use-context`");
        var where = $"The context {name} of {context.File}";
        if (string.IsNullOrEmpty(context.Context?.Cluster))
        {
            throw new KubeConfigException($"{where} names no cluster. Set it with `kubectl config set-context {name} --cluster=...`");
        }

        var cluster = kubeconfig.Clusters!.Find(one => one!.Name == context.Context.Cluster);
        if (cluster?.Cluster is not { } endpoint)
        {
            throw new KubeConfigException($"{where} names the cluster {context.Context.Cluster}, which is not there. Add it under clusters");
        }

        var configuration = new KubernetesClientConfiguration { Namespace = context.Context.Namespace };
        Use(configuration, cluster, endpoint);

        // kubectl asks for nothing where it would send nothing: over plain HTTP, as to `kubectl proxy`.
        var isRequired = configuration.Host.StartsWith("https:", StringComparison.Ordinal);
        var user = kubeconfig.Users!.Find(one => one!.Name == context.Context.User);
        if (user?.User is { } credentials)
        {
            return (configuration, Use(configuration, user, credentials, cluster, endpoint, isRequired, time));
        }

        return isRequired
            ? throw new KubeConfigException(
                string.IsNullOrEmpty(context.Context.User)
                    ? $"{where} names no user. Set it with `kubectl config set-context {name} --user=...`"
                    : $"{where} names the user {context.Context.User}, which is not there. Add it under users")
            : (configuration, []);
    }

    private static void Use(KubernetesClientConfiguration configuration, Kubeconfig.NamedCluster cluster, Kubeconfig.ClusterDetails endpoint)
    {
        var where = $"The cluster {cluster.Name} of {cluster.File}";
        var skips = endpoint.SkipTlsVerify == true;
        var hasAuthority = !string.IsNullOrEmpty(endpoint.Authority) || !string.IsNullOrEmpty(endpoint.AuthorityData);
        var server = Server(where, endpoint.Server, skips || hasAuthority);
        configuration.Host = server.ToString();
        configuration.SkipTlsVerify = skips;
        configuration.TlsServerName = endpoint.TlsServerName;
        if (!string.IsNullOrEmpty(endpoint.ProxyUrl))
        {
            var proxy = Proxy(where, endpoint.ProxyUrl);
            configuration.FirstMessageHandlerSetup += transport => (transport.UseProxy, transport.Proxy) = (true, proxy);
        }

        if (server.Scheme != Uri.UriSchemeHttps || !hasAuthority)
        {
            return;
        }

        if (skips)
        {
            throw new KubeConfigException($"{where} has both insecure-skip-tls-verify and a certificate authority. Remove one of them");
        }

        var authorities = new X509Certificate2Collection();
        Read(
            $"{where} has a certificate authority that cannot be read",
            "Set certificate-authority-data to the PEM in Base64, or certificate-authority to its file (`kubectl config view --raw` shows what is redacted)",
            () =>
            {
                authorities.ImportFromPem(Text(endpoint.AuthorityData, endpoint.Authority, cluster));
                if (authorities.Count == 0)
                {
                    throw new FormatException("there is no certificate in it");
                }
            });
        configuration.SslCaCerts = authorities;
    }

    private static Uri Server(string where, string? text, bool isTls)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new KubeConfigException($"{where} has no server. Set it to the URL of the API server");
        }

        // As kubectl has it, a host alone is enough.
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"{(isTls ? "https" : "http")}://{text}";
        if (!Uri.TryCreate(full, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
        {
            throw new KubeConfigException($"{where} has the server {text}, which is no URL. Write https://HOST:PORT");
        }

        // Local clusters write the address that they listen on, and 0.0.0.0 is none to connect to.
        return IPAddress.TryParse(server.Host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(server) { Host = (address.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback).ToString() }.Uri
            : server;
    }

    private static WebProxy Proxy(string where, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https" or "socks5"))
        {
            // Not the address: it may hold a password.
            throw new KubeConfigException($"{where} has a proxy-url that is none. Write http://HOST:PORT, https://... or socks5://...");
        }

        var proxy = new WebProxy(new UriBuilder(url) { UserName = "", Password = "" }.Uri);
        if (url.UserInfo.Split(':', 2) is [{ Length: > 0 } name, .. var rest])
        {
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(name), Uri.UnescapeDataString(rest.FirstOrDefault() ?? ""));
        }

        return proxy;
    }

    private static List<DelegatingHandler> Use(
        KubernetesClientConfiguration configuration,
        Kubeconfig.NamedUser user,
        Kubeconfig.UserDetails credentials,
        Kubeconfig.NamedCluster cluster,
        Kubeconfig.ClusterDetails endpoint,
        bool isRequired,
        TimeProvider time)
    {
        var where = $"The user {user.Name} of {user.File}";
        if (credentials.AuthProvider is { } provider)
        {
            throw new KubeConfigException(
                $"{where} has the auth-provider {provider.Name}, which nobody can renew here. Use an exec plug-in (gke-gcloud-auth-plugin, kubelogin) or the token of a service account");
        }

        var handlers = new List<DelegatingHandler>();
        var hasToken = !string.IsNullOrWhiteSpace(credentials.Token) || !string.IsNullOrWhiteSpace(credentials.TokenFile);
        var hasPassword = !string.IsNullOrWhiteSpace(credentials.UserName);
        if (hasToken && hasPassword)
        {
            throw new KubeConfigException($"{where} has both a token and a user name. Remove one of them");
        }

        // Where there are both, the file counts.
        if (!string.IsNullOrWhiteSpace(credentials.TokenFile))
        {
            var path = user.FullPath(credentials.TokenFile);
            if (!File.Exists(path))
            {
                throw new KubeConfigException($"{where} has the tokenFile {path}, which is not there. Mend the path");
            }

            configuration.TokenProvider = new TokenFileAuth(path);
        }
        else if (hasToken)
        {
            configuration.AccessToken = credentials.Token!.Trim();
            if (configuration.AccessToken.Any(c => c is <= ' ' or > '~'))
            {
                throw new KubeConfigException($"{where} has a token with characters that no token has. Copy it again, on one line");
            }
        }
        else if (hasPassword)
        {
            (configuration.Username, configuration.Password) = (credentials.UserName, credentials.Password);
        }

        // Credentials of the user's own count more than a plug-in's, as with kubectl: it is not run, and need not be installed.
        var hasCertificate = UseCertificate(configuration, user, credentials, where);
        var hasOwn = hasToken || hasPassword || hasCertificate;
        if (!hasOwn && credentials.Exec is { } exec)
        {
            var plugin = CredentialPlugin.Of(exec, user, where, exec.ProvideClusterInfo == true ? (configuration.Host, endpoint, configuration.SslCaCerts) : null);
            handlers.Add(new PluginCredentials(plugin, configuration, time));
        }
        else if (!hasOwn && isRequired)
        {
            throw new KubeConfigException(
                $"{where} has no credentials for the cluster {cluster.Name}. Give it a token, tokenFile, client-certificate with client-key, username with password, or exec");
        }

        if (Impersonation.Of(credentials, where) is { } impersonation)
        {
            handlers.Add(impersonation);
        }

        return (hasToken || hasPassword || handlers.Count > 0) && IsReadableOnTheWay(new Uri(configuration.Host), endpoint.ProxyUrl)
            ? throw new KubeConfigException(
                $"{where} has credentials, and the cluster {cluster.Name} is reached over plain HTTP, where others can read them. "
                + "Write https://HOST:PORT as its server, or a user without credentials")
            : handlers;
    }

    // Plain HTTP that leaves this machine.
    private static bool IsReadableOnTheWay(Uri server, string? proxy) =>
        server.Scheme == Uri.UriSchemeHttp && !(server.IsLoopback && (string.IsNullOrEmpty(proxy) || new Uri(proxy).IsLoopback));

    private static bool UseCertificate(KubernetesClientConfiguration configuration, Kubeconfig.NamedUser user, Kubeconfig.UserDetails credentials, string where)
    {
        var hasCertificate = !string.IsNullOrWhiteSpace(credentials.CertificateData) || !string.IsNullOrWhiteSpace(credentials.Certificate);
        var hasKey = !string.IsNullOrWhiteSpace(credentials.KeyData) || !string.IsNullOrWhiteSpace(credentials.Key);
        if (!hasCertificate && !hasKey)
        {
            return false;
        }

        if (!hasCertificate || !hasKey)
        {
            throw new KubeConfigException($"{where} has a client {(hasCertificate ? "certificate without its key" : "key without its certificate")}. Add the other");
        }

        Read(
            $"{where} has a client certificate that cannot be used",
            "Set client-certificate-data and client-key-data to the PEM in Base64, or client-certificate and client-key to their files (`kubectl config view --raw` shows what is left out)",
            () =>
            {
                var (certificate, key) = (Text(credentials.CertificateData, credentials.Certificate, user), Text(credentials.KeyData, credentials.Key, user));
                X509Certificate2.CreateFromPem(certificate, key).Dispose();
                configuration.ClientCertificateData = Convert.ToBase64String(Encoding.UTF8.GetBytes(certificate));
                configuration.ClientCertificateKeyData = Convert.ToBase64String(Encoding.UTF8.GetBytes(key));
            });
        return true;
    }

    private static string Text(string? data, string? file, Kubeconfig.Named entry) =>
        string.IsNullOrWhiteSpace(data) ? File.ReadAllText(entry.FullPath(file!)) : Encoding.UTF8.GetString(Convert.FromBase64String(data));

    private static void Read(string what, string fix, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or CryptographicException or ArgumentException)
        {
            throw new KubeConfigException($"{what} ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}). {fix}", e);
        }
    }
}
