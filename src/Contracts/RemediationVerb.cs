namespace AlertResponder.Contracts;

/// <summary>What a person asks for with a proposal.</summary>
public enum RemediationVerb
{
    Execute,
    Preview,
    Undo,
}
