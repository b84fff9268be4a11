namespace AlertResponder.Remediation.Policy;

/// <summary>What becomes of a click.</summary>
/// <param name="Kind">What.</param>
/// <param name="Refusal">Why not; null unless it is refused.</param>
/// <param name="Text">The same for people, and what to do.</param>
internal sealed record Verdict(VerdictKind Kind, Refusal? Refusal = null, string Text = "")
{
    public static Verdict Refuse(Refusal refusal, string text) => new(VerdictKind.Refuse, refusal, text);
}

/// <summary>What becomes of a click.</summary>
internal enum VerdictKind
{
    Refuse,

    /// <summary>Show the whole diff.</summary>
    Preview,

    /// <summary>Look, and answer in the thread.</summary>
    Read,

    /// <summary>Carry it out.</summary>
    Execute,

    /// <summary>Keep it for a second person.</summary>
    AwaitSecond,

    /// <summary>Put back what was before.</summary>
    Undo,
}

/// <summary>Why a click is refused.</summary>
internal enum Refusal
{
    RemediationOff,
    NotOptedIn,
    OtherCluster,
    NoSuchProposal,
    WrongChannel,
    NoApprovers,
    Stranger,
    GroupsUnknown,
    OtherNamespace,
    OtherRisk,
    KubernetesForbids,
    KubernetesUnknown,
    Recovered,
    Expired,
    Stale,
    SecondMissing,
    UnderWay,
    Done,
    NothingToUndo,
}
