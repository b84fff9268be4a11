using AlertResponder.Notification.Page;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Notification.Page;

public sealed class ChangeFeedTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new();
    private TemporaryStore store = null!;
    private ChangeFeed feed = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        feed = new ChangeFeed(store.Scopes, time, NullLogger<ChangeFeed>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        feed.Dispose();
        await store.DisposeAsync();
    }

    [Fact]
    public void Listen_MoreThanTheLimit_IsRefusedUntilOneLeaves()
    {
        var listeners = Enumerable.Range(0, ChangeFeed.MaxListeners).Select(_ => feed.Listen(null).ShouldNotBeNull()).ToList();

        feed.Listen(null).ShouldBeNull();

        listeners[7].Dispose();
        feed.Listen(null).ShouldNotBeNull();
        feed.Listen(null).ShouldBeNull();
    }

    [Fact]
    public async Task Read_NothingHappens_StillBeats()
    {
        await feed.StartAsync(Cancellation);
        using var listener = feed.Listen(null).ShouldNotBeNull();
        await using var news = listener.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        (await NextAsync(news)).ShouldBeTrue("the first time, whatever changed");
        (await NextAsync(news)).ShouldBeFalse();
        await store.ChangeAsync(async context => await context.AddAsync(Samples.Incident(), Cancellation));
        (await NextAsync(news)).ShouldBeTrue();
        await feed.StopAsync(Cancellation);
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<bool> news)
    {
        var next = news.MoveNextAsync().AsTask();
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(next.IsCompleted ? 0 : 1));
                return next.IsCompleted;
            },
            "there is news");
        (await next).ShouldBeTrue();
        return news.Current;
    }
}
