namespace AlertResponder.Remediation;

/// <summary>Decides a request. Pure.</summary>
internal static class RemediationRule
{
    /// <summary>Why a request is refused. No proposal is made yet, so none can be executed, whatever is configured.</summary>
    public static string Refusal(RemediationOptions options) => options.Enabled
        ? "Refused: there is no such proposal."
        : "Refused: remediation is off. Set Remediation:Enabled and list the namespace in Remediation:Namespaces to opt in.";
}
