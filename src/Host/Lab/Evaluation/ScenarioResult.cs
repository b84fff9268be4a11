namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>How a scenario came out.</summary>
/// <param name="Name">The scenario's.</param>
/// <param name="Error">Why it could not be run; null when it was.</param>
/// <param name="Missing">What the card was to say and does not.</param>
/// <param name="Forbidden">What it was not to say and does.</param>
/// <param name="Actions">All suggested actions by their kinds, the best first.</param>
/// <param name="ForbiddenActions">Those of them that are against what is expected.</param>
/// <param name="Tokens">Of the model, in and out.</param>
/// <param name="CostUsd">What these cost.</param>
/// <param name="Milliseconds">From the alert to the card.</param>
/// <param name="Card">The card, or cards, as text.</param>
/// <param name="Warnings">What in the folder has no meaning, and what of the cluster could not be read.</param>
internal sealed record ScenarioResult(
    string Name,
    string? Error,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Forbidden,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> ForbiddenActions,
    int Tokens,
    decimal CostUsd,
    long Milliseconds,
    string Card,
    IReadOnlyList<string> Warnings)
{
    public bool Passed => Error is null && Missing.Count == 0 && Forbidden.Count == 0 && ForbiddenActions.Count == 0;

    public static ScenarioResult Failed(string name, string error) => new(name, error, [], [], [], [], 0, 0m, 0, "", []);
}
