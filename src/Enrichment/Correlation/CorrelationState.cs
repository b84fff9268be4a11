using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Correlation;

/// <summary>What is known when an alert arrives.</summary>
/// <param name="Known">The recorded status of this fingerprint and start; null when it is new.</param>
/// <param name="KnownSince">When the webhook arrived that brought that status.</param>
/// <param name="LateSince">When it was received firing after that, if that status is resolved; null when it was not.</param>
/// <param name="OpenNames">
/// The alert names of the subject's open incident, each with its worst severity (null: none of ours); null when none is open.
/// </param>
/// <param name="ResolvedAt">When the subject's last incident was resolved; null when it has none or one is open.</param>
/// <param name="OthersFiring">How many other alerts of the incident fire, without those that this one ends.</param>
/// <param name="EndsOthers">Whether this one ends others of its fingerprint.</param>
internal sealed record CorrelationState(
    AlertStatus? Known,
    DateTimeOffset? KnownSince,
    DateTimeOffset? LateSince,
    IReadOnlyDictionary<string, Severity?>? OpenNames,
    DateTimeOffset? ResolvedAt,
    int OthersFiring,
    bool EndsOthers);
