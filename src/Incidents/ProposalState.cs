namespace AlertResponder.Incidents;

/// <summary>How far a proposal is.</summary>
public enum ProposalState
{
    /// <summary>Can be requested. One that only reads stays so.</summary>
    Offered,

    /// <summary>Requested by one person; a second one must approve.</summary>
    AwaitingSecond,

    /// <summary>A worker carries it out, or did when it stopped.</summary>
    Claimed,

    /// <summary>The cluster has taken it.</summary>
    Applied,

    /// <summary>The workload follows.</summary>
    RollingOut,

    /// <summary>The workload has followed and the alerts are resolved.</summary>
    Verified,

    /// <summary>The deadline has passed and the alerts still fire.</summary>
    Ineffective,

    /// <summary>It could not be carried out.</summary>
    Failed,

    /// <summary>The cluster refused it: a disruption budget, a quota, an admission webhook.</summary>
    Refused,

    /// <summary>What it was made from has changed, or a newer diagnosis has replaced it.</summary>
    Stale,

    /// <summary>Nobody requested it in time.</summary>
    Expired,

    /// <summary>A worker puts back what was before, or did when it stopped.</summary>
    Undoing,

    /// <summary>What was before is back: somebody asked for it, or it was for a time that is over.</summary>
    Undone,
}
