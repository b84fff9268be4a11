using System.Diagnostics;
using System.Text.Json;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>Waits on a condition with a deadline; when it passes, says what was last seen.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads until <paramref name="until"/> holds of what was read, and returns that. A read that throws is read again.</summary>
    /// <param name="read">What is looked at; its token ends with the deadline.</param>
    /// <param name="until">What it must be.</param>
    /// <param name="expectation">Said in the failure: "a message is posted".</param>
    /// <param name="within">How long to wait; 30 s when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not hold within the time; the message shows the last value or error.</exception>
    public static async Task<T> ReadsAsync<T>(
        Func<CancellationToken, Task<T>> read,
        Func<T, bool> until,
        string expectation,
        TimeSpan? within = null,
        CancellationToken cancellationToken = default)
    {
        var patience = within ?? Patience;
        var started = Stopwatch.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        var lastSeen = "nothing";
        Exception? lastError = null;

        while (true)
        {
            try
            {
                var value = await read(deadline.Token);
                lastError = null;
                lastSeen = Describe(value);
                if (until(value))
                    return value;
            }
            catch (Exception error) when (!deadline.IsCancellationRequested)
            {
                lastError = error;
                lastSeen = $"{error.GetType().Name}: {error.Message}";
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                lastError ??= error;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(started) >= patience)
                throw new TimeoutException($"Expected within {patience.TotalSeconds:0.#} s: {expectation}. Last seen: {lastSeen}", lastError);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Waits until <paramref name="condition"/> is true.</summary>
    /// <inheritdoc cref="ReadsAsync{T}"/>
    public static Task TrueAsync(
        Func<CancellationToken, Task<bool>> condition,
        string expectation,
        TimeSpan? within = null,
        CancellationToken cancellationToken = default)
        => ReadsAsync(condition, holds => holds, expectation, within, cancellationToken);

    /// <summary>Runs <paramref name="assertions"/> until none of them throws.</summary>
    /// <inheritdoc cref="ReadsAsync{T}"/>
    public static Task PassesAsync(
        Func<CancellationToken, Task> assertions,
        string expectation,
        TimeSpan? within = null,
        CancellationToken cancellationToken = default)
        => ReadsAsync(
            async token =>
            {
                await assertions(token);
                return true;
            },
            passed => passed,
            expectation,
            within,
            cancellationToken);

    private static string Describe<T>(T value)
    {
        if (value is null or string or ValueType)
            return value?.ToString() ?? "null";

        try
        {
            return JsonSerializer.Serialize(value);
        }
        catch (Exception error) when (error is NotSupportedException or JsonException)
        {
            return value.ToString() ?? "null";
        }
    }
}
