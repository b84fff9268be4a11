using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Correlation;

/// <summary>What is known when an alert arrives.</summary>
/// <param name="Known">The recorded status of this fingerprint and start; null when it is new.</param>
/// <param name="OpenNames">The alert names of the subject's open incident; null when none is open.</param>
/// <param name="ResolvedAt">When the subject's last incident was resolved; null when it has none or one is open.</param>
/// <param name="OthersFiring">How many other alerts of the known alert's incident fire.</param>
internal sealed record CorrelationState(
    AlertStatus? Known,
    IReadOnlySet<string>? OpenNames,
    DateTimeOffset? ResolvedAt,
    int OthersFiring);
