using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>A Certificate of cert-manager that has expired, expires soon or is not issued.</summary>
internal static class CertificateTrouble
{
    public const string Name = "certificate";

    /// <summary>cert-manager renews well before: what comes this close was not renewed.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(7);

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        file.Of(EvidenceKind.Resource).Where(item => item.Source.Kind == "Certificate").Select(item => Verdict(file, item)).OfType<Verdict>();

    private static Verdict? Verdict(CaseFile file, Evidence certificate)
    {
        var left = certificate.Instant(FactNames.NotAfter) - file.Now;
        var notReady = certificate.Flag(FactNames.Ready) == false;
        if (!notReady && !(left < Soon))
            return null;
        var name = $"Certificate {certificate.Source.Name}";
        var at = certificate.Instant(FactNames.NotAfter) is { } end ? Wording.At(end, file.Now) : null;
        var state = left < TimeSpan.Zero ? $"{name} expired {at}"
            : left < Soon ? $"{name} expires {at} and was not renewed"
            : $"{name} is not ready";
        var waits = Waits(file);
        var says = waits is not null ? Wording.CutMiddle(Wording.OneLine($"{waits.Source.Kind} {waits.Fact(FactNames.Reason)}: {waits.Fact(FactNames.Message)}"), 200).TrimEnd('.')
            : notReady && certificate.Fact(FactNames.Message) is { } message ? Wording.Cut(Wording.OneLine(message), 200).TrimEnd('.') : null;
        var by = certificate.Fact(FactNames.Issuer) is { } issuer ? $" Its issuer is {issuer}." : "";
        return new Verdict(
            Name,
            Wording.Cause($"{state}{(says is null ? "" : $": {says}")}", state),
            $"{Wording.Sentence(state)}{(says is null ? "" : $" cert-manager says: {Wording.Sentence(says)}")}{by}",
            Wording.Sentence($"{state}{(says is null ? "" : $": {says}")}"),
            left < TimeSpan.Zero ? Severity.Critical : Severity.Warning,
            Confidence.High,
            waits is null ? [certificate.Id] : [certificate.Id, waits.Id],
            [Actions.Describe(certificate.Source, certificate.Id), Actions.ViewEvents(certificate.Source, certificate.Id)])
        {
            IsAlerted = file.IsAlerted(certificate.Source) || file.Alerts.Any(alert => alert.Labels.GetValueOrDefault("name") == certificate.Source.Name),
            Marks = ["certificate", "expire", "tls", "issue"],
        };
    }

    /// <summary>What holds the issuing up: the challenge says it best, then the request.</summary>
    private static Evidence? Waits(CaseFile file)
    {
        var sick = file.Of(EvidenceKind.Resource).Where(item => item.Flag(FactNames.Ready) == false && item.Fact(FactNames.Message) is not null).ToArray();
        return Array.Find(sick, item => item.Source.Kind == "Challenge") ?? Array.Find(sick, item => item.Source.Kind == "CertificateRequest");
    }
}
