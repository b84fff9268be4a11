using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Exceptions;

namespace k8s;

/// <summary>Certificates out of a kubeconfig: PEM in a file, or in base64 in the kubeconfig itself.</summary>
internal static class Certificates
{
    public static X509Certificate2Collection Authorities(string data, string file)
    {
        var authorities = new X509Certificate2Collection();
        Read("certificate authority", () => authorities.ImportFromPem(Pem(data, file)));
        return authorities;
    }

    /// <summary>Null when the configuration has no client certificate. A file wins over data.</summary>
    public static X509Certificate2 ClientCertificate(KubernetesClientConfiguration config)
    {
        var hasCertificate = !string.IsNullOrWhiteSpace(config.ClientCertificateData) || !string.IsNullOrWhiteSpace(config.ClientCertificateFilePath);
        var hasKey = !string.IsNullOrWhiteSpace(config.ClientCertificateKeyData) || !string.IsNullOrWhiteSpace(config.ClientKeyFilePath);
        X509Certificate2 certificate = null;
        if (hasCertificate && hasKey)
        {
            Read("client certificate", () => certificate = WithPersistableKey(X509Certificate2.CreateFromPem(
                Pem(config.ClientCertificateData, config.ClientCertificateFilePath),
                Pem(config.ClientCertificateKeyData, config.ClientKeyFilePath))));
        }

        return certificate;
    }

    private static string Pem(string data, string file) =>
        string.IsNullOrWhiteSpace(file) ? Encoding.UTF8.GetString(Convert.FromBase64String(data)) : File.ReadAllText(file);

    // Windows' TLS can't use a key that exists in memory only.
    private static X509Certificate2 WithPersistableKey(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private static void Read(string what, Action read)
    {
        try
        {
            read();
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or FormatException or CryptographicException)
        {
            throw new KubeConfigException($"The {what} cannot be read: {bad.Message}", bad);
        }
    }
}
