using System.Threading.Channels;

namespace AlertResponder.Incidents.Work;

/// <summary>Wakes a loop when there is something new for it.</summary>
public sealed class WakeUp
{
    private readonly Channel<bool> channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is something new.</summary>
    public void Raise() => channel.Writer.TryWrite(true);

    /// <summary>Returns when it was raised since the last wait.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await channel.Reader.ReadAsync(cancellationToken);

    /// <summary>Returns when it was raised since the last wait, or after <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var raised = channel.Reader.WaitToReadAsync(wait.Token).AsTask();
        await Task.WhenAny(raised, Task.Delay(longest, time, wait.Token));
        await wait.CancelAsync();
        channel.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
