using Microsoft.Extensions.Hosting;

namespace AlertResponder.Resilience;

/// <summary>Waiting for the application to be there.</summary>
public static class ApplicationStart
{
    /// <summary>Returns when the application has started: an in-memory bus drops what is published before its endpoints are there.</summary>
    public static async Task StartedAsync(this IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lifetime);
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }
}
