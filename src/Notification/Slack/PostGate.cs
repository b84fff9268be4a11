namespace AlertResponder.Notification.Slack;

/// <summary>Lets one post a second pass, in the order they came: Slack's limit for a channel.</summary>
internal sealed class PostGate(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private DateTimeOffset next = DateTimeOffset.MinValue;

    /// <summary>Returns when the caller may post.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var wait = next - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, time, cancellationToken);
            next = time.GetUtcNow() + Interval;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
