using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Gathering.Pods;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>A certificate of cert-manager, and where it is not ready what its issuing waits for.</summary>
internal sealed class CertificateGatherer(ClusterReads reads)
{
    private const string Group = "cert-manager.io";
    private const string CertificateName = "cert-manager.io/certificate-name";
    private const int MostChallenges = 3;

    public async Task<IReadOnlyList<Observation>> GatherAsync(string @namespace, string name)
    {
        var about = new ObjectReference("Certificate", @namespace, name);
        var events = reads.EventsAsync(about);
        var certificate = await reads.CustomAsync<Certificate>(Group, "v1", @namespace, "certificates", name);
        if (certificate is null)
        {
            return [.. EventEvidence.Of(await events, about)];
        }

        IReadOnlyList<Observation> issuing = IsWell(certificate) ? [] : await IssuingAsync(@namespace, certificate);
        return [ResourceEvidence.Of(certificate), .. issuing, .. EventEvidence.Of(await events, about)];
    }

    // Ready means that it is valid still: a renewal that fails shows only in that it is overdue.
    private bool IsWell(Certificate certificate) =>
        ResourceEvidence.Condition(certificate.Status?.Conditions, "Ready") is { Status: "True" }
        && !(certificate.Status?.RenewalTime is { } renewal && Times.Utc(renewal) < reads.Now);

    private async Task<IReadOnlyList<Observation>> IssuingAsync(string @namespace, Certificate certificate)
    {
        var requests = reads.CustomsAsync<CertificateRequest>(Group, "v1", @namespace, "certificaterequests");
        var challenges = reads.CustomsAsync<AcmeChallenge>($"acme.{Group}", "v1", @namespace, "challenges");
        var newest = (await requests)
            .Where(request => request.Metadata.Annotations is { } annotations
                && annotations.TryGetValue(CertificateName, out var name) && name == certificate.Metadata.Name
                || request.Metadata.OwnerReferences?.Any(owner => owner.Kind == "Certificate" && owner.Name == certificate.Metadata.Name) == true)
            .MaxBy(request => request.Metadata.CreationTimestamp);
        return
        [
            .. newest is null ? [] : new[] { ResourceEvidence.Of(newest) },
            .. (await challenges)
                .Where(challenge => challenge.Status?.State != "valid" && certificate.Spec?.DnsNames?.Any(name => IsFor(challenge, name)) == true)
                .Take(MostChallenges).Select(ResourceEvidence.Of),
        ];
    }

    // The challenge of *.shop.example is for shop.example.
    private static bool IsFor(AcmeChallenge challenge, string name) =>
        challenge.Spec?.DnsName is { } asked && (name == asked || name == $"*.{asked}");
}
