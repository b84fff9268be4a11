namespace AlertResponder.Analysis.Rules;

/// <summary>Runs the parts of a diagnosis so that what one of them throws costs that part alone.</summary>
/// <remarks>
/// Rules read what anybody may have logged, by patterns with a limit of time: an odd line, or a process short of CPU, must not keep the rest of a
/// diagnosis from those who wait for it.
/// </remarks>
internal sealed class RuleIsolation
{
    private readonly List<RuleFailure> failures = [];

    /// <summary>In the order in which they failed.</summary>
    public IReadOnlyList<RuleFailure> Failures => failures;

    /// <returns>What the part says; null when it failed.</returns>
    public T? Try<T>(string name, Func<T?> part)
        where T : class
    {
        try
        {
            return part();
        }
        catch (Exception e)
        {
            failures.Add(new RuleFailure(name, e));
            return null;
        }
    }
}

/// <summary>A part of a diagnosis that failed.</summary>
/// <param name="Name">The rule's.</param>
/// <param name="Error">A defect of ours; its message may quote evidence.</param>
internal sealed record RuleFailure(string Name, Exception Error);
