using System.Threading.Channels;

namespace AlertResponder.Resilience;

/// <summary>Wakes a loop over the store when there is something new in it.</summary>
public class StoreSignal
{
    private readonly Channel<bool> channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise() => channel.Writer.TryWrite(true);

    /// <summary>Returns when it was raised since the last wait, or after <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var raised = channel.Reader.WaitToReadAsync(wait.Token).AsTask();
        await Task.WhenAny(raised, Task.Delay(longest, time, wait.Token));
        await wait.CancelAsync();
        channel.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
