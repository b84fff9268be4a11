using System.Collections.Concurrent;
using System.Net;
using AlertResponder.Notification.Page;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Notification.Page;

public sealed class FailedTriesTests
{
    private readonly FakeTimeProvider time = new();
    private readonly Lines log = new();

    [Theory]
    [InlineData("203.0.113.9", "::ffff:203.0.113.9")]
    [InlineData("2001:db8::1", "2001:db8::ffff:2")]
    public void Take_ManyTries_AreOfTheSameAddressOrNetwork(string one, string other)
    {
        var tries = Exhausted(one);

        var refused = From(one);
        tries.Take(refused, "right", isRight: true).ShouldBeFalse();
        refused.Response.Headers.RetryAfter.ToString().ShouldBe("60");
        tries.Take(From(other), "right", isRight: true).ShouldBeFalse();

        // One of them may share its place.
        Enumerable.Range(1, 4).Count(last => tries.Take(From($"198.51.100.{last}"), "right", isRight: true)).ShouldBeGreaterThan(2);
    }

    [Fact]
    public void Take_WindowOver_IsLookedAtAgain()
    {
        var tries = Exhausted("203.0.113.9");
        time.Advance(TimeSpan.FromSeconds(59.5));
        var refused = From("203.0.113.9");
        tries.Take(refused, "right", isRight: true).ShouldBeFalse();
        refused.Response.Headers.RetryAfter.ToString().ShouldBe("1");

        time.Advance(TimeSpan.FromSeconds(0.5));

        tries.Take(From("203.0.113.9"), "wrong", isRight: false).ShouldBeTrue();
        tries.Take(From("203.0.113.9"), "right", isRight: true).ShouldBeTrue();
    }

    [Fact]
    public void Take_SameWrongTokenAgain_IsOneTry()
    {
        var tries = Tries();
        for (var attempt = 0; attempt < 5 * FailedTries.Most; attempt++)
            tries.Take(From("203.0.113.9"), "of yesterday", isRight: false).ShouldBeTrue();

        tries.Take(From("203.0.113.9"), "right", isRight: true).ShouldBeTrue();
        log.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Take_ManyAtOnce_LooksAtNoMoreThanOneByOne()
    {
        const int Callers = 8;
        var tries = Tries();
        using var start = new Barrier(Callers);

        var looked = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return Enumerable.Range(0, 500).Count(attempt => tries.Take(From("203.0.113.9"), $"{caller}-{attempt}", isRight: false));
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        looked.Sum().ShouldBe(FailedTries.Most);
        log.Said.ShouldHaveSingleItem().ShouldContain("203.0.113.9");
    }

    private static DefaultHttpContext From(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return context;
    }

    private FailedTries Tries() => new(time, log);

    private FailedTries Exhausted(string address)
    {
        var tries = Tries();
        for (var attempt = 0; attempt < FailedTries.Most; attempt++)
            tries.Take(From(address), $"wrong-{attempt}", isRight: false).ShouldBeTrue();
        return tries;
    }

    private sealed class Lines : ILogger<FailedTries>
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Enqueue(formatter(state, exception));
    }
}
