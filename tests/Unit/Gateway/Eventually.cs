namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>Waits for what another task brings about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Asks again and again until it is so.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string expectation)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (!await condition())
        {
            time.GetElapsedTime(started).ShouldBeLessThan(Patience, expectation);
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string expectation) => TrueAsync(() => Task.FromResult(condition()), expectation);
}
