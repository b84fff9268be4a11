namespace AlertResponder.Incidents.Audit;

/// <summary>What a row of the audit trail tells.</summary>
public enum AuditStep
{
    /// <summary>A person asked for it and may.</summary>
    Requested,

    /// <summary>A person asked for it and may not, or it can't be done any more.</summary>
    Refused,

    /// <summary>A second person agreed.</summary>
    Approved,

    /// <summary>The cluster, or Alertmanager, has taken it.</summary>
    Applied,

    /// <summary>It was tried and could not be done.</summary>
    Failed,

    /// <summary>The workload has followed and the alerts are resolved.</summary>
    Verified,

    /// <summary>The deadline has passed and the alerts still fire.</summary>
    Ineffective,

    /// <summary>What was before is back.</summary>
    Undone,

    /// <summary>Something was shown: logs, events, a description, a diff.</summary>
    Shown,
}
