namespace AlertResponder.Contracts;

/// <summary>A revision of an incident has a diagnosis. Published by analysis, consumed by notification and remediation.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="Revision">The revision that was analysed.</param>
/// <param name="Diagnosis">The diagnosis.</param>
/// <param name="Origin">Rules, model or reused.</param>
/// <param name="ModelUnavailable">Why the model was not heard although it is configured, for people; null when it was, or when none is configured.</param>
/// <param name="ModelId">The model that answered; null without one.</param>
/// <param name="InputTokens">From the model's response, all calls together.</param>
/// <param name="OutputTokens">From the model's response, all calls together.</param>
/// <param name="CostUsd">By the price table, all calls together.</param>
/// <param name="Commands">kubectl commands to look further: text to copy, never run by us.</param>
/// <param name="SuggestedActions">What would help, best first.</param>
/// <param name="AnalyzedAt">When the analysis ended, UTC.</param>
/// <param name="FailedRules">The names of rules that failed by a defect of ours and were left out; null without any.</param>
public sealed record AnalysisCompleted(
    Guid IncidentId,
    int Revision,
    Diagnosis Diagnosis,
    AnalysisOrigin Origin,
    string? ModelUnavailable,
    string? ModelId,
    int InputTokens,
    int OutputTokens,
    decimal CostUsd,
    IReadOnlyList<string> Commands,
    IReadOnlyList<SuggestedAction> SuggestedActions,
    DateTimeOffset AnalyzedAt,
    IReadOnlyList<string>? FailedRules = null);
