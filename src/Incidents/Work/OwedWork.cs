namespace AlertResponder.Incidents.Work;

/// <summary>One kind of work that the store owes: how to find it, how to take it, how to do it.</summary>
/// <typeparam name="T">What is read of a piece of it.</typeparam>
/// <param name="Name">For the log and the metrics.</param>
/// <param name="IdOf">Tells one piece from the others, in the log.</param>
/// <param name="DueAsync">Reads what is due, the longest due first, and no more than a round may take.</param>
/// <param name="ClaimAsync">
/// Takes one, by an update on the condition that it is as it was read, which also says when it is due again: whoever fails at it, or dies, leaves it
/// to that time. False where another process was faster. Null where doing it twice does no harm.
/// </param>
/// <param name="DoAsync">Does it, in the scope of the claim.</param>
public sealed record OwedWork<T>(
    string Name,
    Func<T, object> IdOf,
    Func<IncidentsContext, DateTimeOffset, CancellationToken, Task<List<T>>> DueAsync,
    Func<IncidentsContext, T, DateTimeOffset, CancellationToken, Task<bool>>? ClaimAsync,
    Func<IServiceProvider, T, CancellationToken, Task> DoAsync)
{
    /// <summary>How many are done beside each other.</summary>
    public int AtOnce { get; init; } = 1;
}
