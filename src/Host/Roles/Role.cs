namespace AlertResponder.Host.Roles;

/// <summary>A stage that this process can run.</summary>
[Flags]
public enum Role
{
    None = 0,
    Gateway = 1,
    Enrichment = 2,
    Analysis = 4,
    Notification = 8,
    Remediation = 16,
    All = Gateway | Enrichment | Analysis | Notification | Remediation,
}
