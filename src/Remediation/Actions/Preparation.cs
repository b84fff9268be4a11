using AlertResponder.Contracts;

namespace AlertResponder.Remediation.Actions;

/// <summary>What would be done; or why it is not offered.</summary>
internal sealed record Preparation(Draft? Draft, string? Refusal)
{
    public static Preparation Of(Draft draft) => new(draft, null);

    public static Preparation Not(string why) => new(null, why);
}

/// <summary>A proposal in the making.</summary>
/// <param name="Target">The object.</param>
/// <param name="Parameters">All of them, the action's own.</param>
/// <param name="Title">For people: <c>Restart web</c>.</param>
internal sealed record Draft(ObjectReference Target, IReadOnlyDictionary<string, string> Parameters, string Title)
{
    /// <summary>The lines of the server's dry run; none for an action that only looks.</summary>
    public IReadOnlyList<string> Diff { get; init; } = [];

    public string? Caution { get; init; }

    /// <summary>What must still be so.</summary>
    public string? PreconditionJson { get; init; }

    /// <summary>The state of the object that it is made from: the same state, the same proposal.</summary>
    public string Basis { get; init; } = "";

    /// <summary>What undo puts back; null when it cannot be undone.</summary>
    public Func<Guid, string?>? Undo { get; init; }
}

/// <summary>How it ended to do something.</summary>
internal enum CarriedAs
{
    /// <summary>It is done.</summary>
    Applied,

    /// <summary>What it was made from has changed; nothing was done.</summary>
    Stale,

    /// <summary>The cluster will not do it.</summary>
    Refused,
}

/// <param name="As">How it ended.</param>
/// <param name="Reason">For people.</param>
internal sealed record Carried(CarriedAs As, string Reason);

/// <summary>How far what was done has come.</summary>
/// <param name="Stage">Where it stands.</param>
/// <param name="Text">For people: <c>rolling out 2/3</c>.</param>
internal sealed record Observation(ObservedStage Stage, string Text);

/// <summary>Where something stands that was done.</summary>
internal enum ObservedStage
{
    /// <summary>On its way.</summary>
    Moving,

    /// <summary>Nothing can be said yet, however long that takes: the next run of a CronJob is to come.</summary>
    Waiting,

    /// <summary>All has followed.</summary>
    Complete,

    /// <summary>It did not help.</summary>
    Failed,

    /// <summary>It was for a time, and that is over.</summary>
    Ended,
}

/// <summary>Something to read in the thread.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Text">Redacted and bounded.</param>
internal sealed record Reply(string Title, string Text);
