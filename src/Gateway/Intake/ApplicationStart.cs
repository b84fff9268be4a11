using Microsoft.Extensions.Hosting;

namespace AlertResponder.Gateway.Intake;

internal static class ApplicationStart
{
    /// <summary>Returns when the application has started: an in-memory bus drops what is published before its endpoints are there.</summary>
    public static async Task StartedAsync(this IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }
}
