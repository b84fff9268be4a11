using System.Security.Cryptography.X509Certificates;
using k8s.Authentication;

namespace k8s;

/// <summary>Where the API server is, whom to trust and who we are.</summary>
public sealed partial class KubernetesClientConfiguration
{
    /// <summary>The API server's URL.</summary>
    public string Host { get; set; }

    /// <summary>The kubeconfig's context; null without one.</summary>
    public string CurrentContext { get; private set; }

    /// <summary>The namespace of the context, or of the pod; null when none is named.</summary>
    public string Namespace { get; set; }

    /// <summary>Who may have signed the API server's certificate; null: whoever the system trusts.</summary>
    public X509Certificate2Collection SslCaCerts { get; set; }

    /// <summary>Accept any certificate.</summary>
    public bool SkipTlsVerify { get; set; }

    /// <summary>The name that the API server's certificate must have, when that is not the host's.</summary>
    public string TlsServerName { get; set; }

    /// <summary>PEM in base64.</summary>
    public string ClientCertificateData { get; set; }

    /// <summary>PEM in base64. Secret.</summary>
    public string ClientCertificateKeyData { get; set; }

    /// <summary>Wins over the data.</summary>
    public string ClientCertificateFilePath { get; set; }

    /// <summary>Wins over the data.</summary>
    public string ClientKeyFilePath { get; set; }

    public string Username { get; set; }

    /// <summary>Secret.</summary>
    public string Password { get; set; }

    /// <summary>A bearer token; wins over user name and password. Secret.</summary>
    public string AccessToken { get; set; }

    /// <summary>Asked at every request; wins over a fixed token.</summary>
    public ITokenProvider TokenProvider { get; set; }

    public string UserAgent { get; set; } = "kubernetes-csharp/20.0";

    /// <summary>How long a call may take.</summary>
    public TimeSpan HttpClientTimeout { get; set; } = TimeSpan.FromSeconds(100);
}
