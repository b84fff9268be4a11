namespace AlertResponder.Remediation.Actions;

/// <summary>Names of parameters, as analysis has them too.</summary>
internal static class ActionParameters
{
    public const string Container = "container";
    public const string CurrentLimit = "currentLimit";
    public const string Limit = "limit";
    public const string Architecture = "architecture";
    public const string Replicas = "replicas";
    public const string Revision = "revision";
}
