using AlertResponder.Connections.Alertmanager;

namespace AlertResponder.Remediation.Silences;

/// <summary>What a proposal would silence.</summary>
/// <param name="Matchers">What is silenced.</param>
/// <param name="Fingerprints">The alerts that it is about.</param>
/// <param name="ExternalUrl">Alertmanager's address as the webhook stated it.</param>
internal sealed record SilencePlan(IReadOnlyList<SilenceMatcher> Matchers, IReadOnlyList<string> Fingerprints, string? ExternalUrl);
