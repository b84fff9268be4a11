using AlertResponder.Tests.Unit.Time;

namespace AlertResponder.Tests.Unit.Resilience;

internal static class OutcomeOnClock
{
    /// <summary>Moves the clock from wait to wait until a call has ended.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="call">The call.</param>
    /// <param name="upTo">Only over waits as long as this: a longer one is the timeout of a try that is on its way.</param>
    /// <returns>What the call failed with; null when it succeeded.</returns>
    public static async Task<Exception?> OutcomeAsync<T>(this WatchedTimeProvider time, Task<T> call, TimeSpan upTo)
    {
        while (!call.IsCompleted)
        {
            var wait = time.NextWaitAsync(TestContext.Current.CancellationToken);
            if (await Task.WhenAny(call, wait) == call)
            {
                break;
            }

            if (await wait <= upTo)
            {
                time.Advance(await wait);
            }
            else
            {
                await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
            }
        }

        return await Record.ExceptionAsync(() => call);
    }
}
