using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>A certificate authority that nobody knows, and what it signs.</summary>
internal sealed class SelfMadeCertificates : IDisposable
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);
    private static readonly DateTimeOffset Until = From.AddDays(30);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public SelfMadeCertificates()
    {
        var request = new CertificateRequest("CN=self-made CA", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(From, Until);
    }

    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>A certificate for a server at these names, and at loopback's address if asked for.</summary>
    public X509Certificate2 Server(bool loopback, params string[] names) => Server(Until, loopback, names);

    /// <summary>A certificate for a server at loopback's address that was good until a while ago.</summary>
    public X509Certificate2 ExpiredServer() => Server(From.AddHours(1), loopback: true);

    /// <summary>A certificate for a client, as the PEM of itself and of its key.</summary>
    public (string Certificate, string Key) Client(string name)
    {
        using var certificate = Signed("CN=" + name, "1.3.6.1.5.5.7.3.2", null, Until);
        using var key = certificate.GetECDsaPrivateKey()!;
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public static string Base64(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Server(DateTimeOffset until, bool loopback, params string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        if (loopback)
            alternatives.AddIpAddress(IPAddress.Loopback);
        foreach (var name in names)
            alternatives.AddDnsName(name);
        return Signed("CN=server", "1.3.6.1.5.5.7.3.1", alternatives.Build(), until);
    }

    private X509Certificate2 Signed(string subject, string use, X509Extension? alternatives, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        // Both of two authorities that share a name, as after a rotation, must be told apart.
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        if (alternatives is not null)
            request.CertificateExtensions.Add(alternatives);
        using var certificate = request.Create(_authority, From, until, RandomNumberGenerator.GetBytes(8));
        using var withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
