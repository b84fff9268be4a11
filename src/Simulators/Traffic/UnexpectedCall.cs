namespace AlertResponder.Simulators.Traffic;

/// <summary>A request that no correct client would have sent.</summary>
/// <param name="Request">The request.</param>
/// <param name="Reason">The rule that it breaks, for people.</param>
public sealed record UnexpectedCall(RecordedRequest Request, string Reason)
{
    public override string ToString() => $"{Request}: {Reason}";
}

/// <summary>A simulator was called in ways in which the real service must not be called.</summary>
public sealed class UnexpectedCallsException : Exception
{
    internal UnexpectedCallsException(string simulator, IReadOnlyList<UnexpectedCall> calls)
        : base($"{simulator} had {calls.Count} unexpected calls:{string.Concat(calls.Select(call => $"\n  {call}"))}") => Calls = calls;

    /// <summary>The calls, oldest first.</summary>
    public IReadOnlyList<UnexpectedCall> Calls { get; }
}
