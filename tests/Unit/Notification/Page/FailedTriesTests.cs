using System.Net;
using AlertResponder.Notification.Page;
using AlertResponder.Tests.Unit.Time;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Notification.Page;

public sealed class FailedTriesTests
{
    [Theory]
    [InlineData("203.0.113.9", "::ffff:203.0.113.9")]
    [InlineData("2001:db8::1", "2001:db8::ffff:2")]
    public void Wait_ManyTries_IsAskedOfTheSameAddressOrNetwork(string one, string other)
    {
        using var tries = new FailedTries();
        for (var attempt = 0; attempt < FailedTries.Most; attempt++)
        {
            tries.Wait(From(one)).ShouldBeNull();
            tries.Add(From(one));
        }

        tries.Wait(From(one)).ShouldNotBeNull().ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(1));
        tries.Wait(From(other)).ShouldNotBeNull();

        // One of them may share its place.
        Enumerable.Range(1, 4).Count(last => tries.Wait(From($"198.51.100.{last}")) is null).ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task Wait_WindowOver_IsNone()
    {
        using var tries = new FailedTries(TimeSpan.FromMilliseconds(200));
        for (var attempt = 0; attempt < FailedTries.Most; attempt++)
            tries.Add(From("203.0.113.9"));
        tries.Wait(From("203.0.113.9")).ShouldNotBeNull();

        await Eventually.TrueAsync(() => Task.FromResult(tries.Wait(From("203.0.113.9")) is null), "the window is over");
    }

    private static DefaultHttpContext From(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return context;
    }
}
