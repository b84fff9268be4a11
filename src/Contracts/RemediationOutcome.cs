namespace AlertResponder.Contracts;

/// <summary>How a request ended.</summary>
public enum RemediationOutcome
{
    Applied,
    Refused,
    Failed,
    Verified,
    Ineffective,
    Undone,
}
