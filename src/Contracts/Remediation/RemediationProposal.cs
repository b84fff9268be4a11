namespace AlertResponder.Contracts;

/// <summary>One allowed action, previewed.</summary>
/// <param name="Id">What a button carries; executed at most once.</param>
/// <param name="Action">What would be done.</param>
/// <param name="Diff">From the server's dry run; null for a read-only action.</param>
/// <param name="Risk">Its risk class.</param>
/// <param name="ExpiresAt">Refused after this, UTC.</param>
public sealed record RemediationProposal(
    Guid Id,
    SuggestedAction Action,
    string? Diff,
    RiskClass Risk,
    DateTimeOffset ExpiresAt);
