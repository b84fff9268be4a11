namespace AlertResponder.Contracts;

/// <summary>How sure the diagnosis is.</summary>
public enum Confidence
{
    Low,
    Medium,
    High,
}
