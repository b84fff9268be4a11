using AlertResponder.Resilience;
using AlertResponder.Tests.Unit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Resilience;

/// <summary>A failure that is sorted already.</summary>
internal sealed class SortedException(FailureKind kind, TimeSpan? retryAfter = null) : Exception(kind.ToString())
{
    public Failure Failure { get; } = new(kind, retryAfter);
}

/// <summary>An upstream on a manual clock that answers what a test has it answer, and counts the calls that reach it.</summary>
internal sealed class ScriptedUpstream
{
    public static readonly UpstreamPolicy Policy = new("scripted", TimeSpan.FromSeconds(5), Retries: 3, Sort);

    private readonly Queue<Func<CancellationToken, Task<string>>> script = [];

    public ScriptedUpstream(UpstreamPolicy? policy = null, WatchedTimeProvider? time = null)
    {
        Time = time ?? new WatchedTimeProvider();
        Upstream = new Upstream(policy ?? Policy, Time, NullLogger<Upstream>.Instance);
    }

    public WatchedTimeProvider Time { get; }

    public Upstream Upstream { get; }

    /// <summary>The calls that were sent, retries among them.</summary>
    public int Sent { get; private set; }

    /// <summary>When each was sent.</summary>
    public List<DateTimeOffset> SentAt { get; } = [];

    public static Failure Sort(Exception exception) => exception is SortedException sorted ? sorted.Failure : new Failure(FailureKind.Permanent);

    /// <summary>The answers of the next calls, in turn; after them all calls succeed.</summary>
    public ScriptedUpstream Answers(params FailureKind?[] answers)
    {
        foreach (var kind in answers)
        {
            // A wait of zero, so that the clock stands while retries are due.
            Answers(_ => kind is { } failure ? Task.FromException<string>(new SortedException(failure, TimeSpan.Zero)) : Task.FromResult("ok"));
        }

        return this;
    }

    public ScriptedUpstream Answers(Func<CancellationToken, Task<string>> answer)
    {
        script.Enqueue(answer);
        return this;
    }

    /// <summary>An answer that never comes.</summary>
    public async Task<string> HangAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
        return "";
    }

    public Task<string> CallAsync(TimeSpan? tryTimeout = null) => SendAsync(tryTimeout, TestContext.Current.CancellationToken);

    public Task<string> CallForAsync(CancellationToken caller) => SendAsync(tryTimeout: null, caller);

    /// <summary>Calls, and moves the clock from wait to wait until the call has ended.</summary>
    /// <returns>What it failed with; null when it succeeded.</returns>
    public Task<Exception?> OutcomeAsync(TimeSpan? tryTimeout = null) => OutcomeAsync(CallAsync(tryTimeout));

    public Task<Exception?> OutcomeAsync(Task<string> call) => Time.OutcomeAsync(call, upTo: TimeSpan.MaxValue);

    private Task<string> SendAsync(TimeSpan? tryTimeout, CancellationToken caller) =>
        Upstream.CallAsync(
            token =>
            {
                Sent++;
                SentAt.Add(Time.GetUtcNow());
                return script.TryDequeue(out var answer) ? answer(token) : Task.FromResult("ok");
            },
            caller,
            tryTimeout);
}
