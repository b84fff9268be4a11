using AlertResponder.Resilience.Failures;

namespace AlertResponder.Tests.Unit.Resilience;

public sealed class RetryAfterHeaderTests
{
    private const string Date = "Sun, 22 Nov 2026 02:13:00 GMT";

    [Theory]
    [InlineData("17", null, 17)]
    [InlineData("0", null, 0)]
    [InlineData("86400", null, 3600)]
    [InlineData("Sun, 22 Nov 2026 02:13:42 GMT", Date, 42)]
    [InlineData("Sunday, 22-Nov-26 02:13:42 GMT", Date, 42)]
    [InlineData("Sun Nov 22 02:13:42 2026", Date, 42)]
    [InlineData("Sun, 22 Nov 2026 02:12:00 GMT", Date, 0)]
    [InlineData("Mon, 23 Nov 2026 02:13:00 GMT", Date, 3600)]
    [InlineData("Sun, 22 Nov 2026 02:13:42 GMT", null, null)]
    [InlineData("Sun, 22 Nov 2026 02:13:42 GMT", "yesterday", null)]
    [InlineData("soon", Date, null)]
    [InlineData("-1", Date, null)]
    [InlineData("99999999999", Date, null)]
    [InlineData("", Date, null)]
    [InlineData(null, Date, null)]
    public void Read_Header_IsTheWaitWithinBounds(string? value, string? date, int? seconds) =>
        RetryAfterHeader.Read(value, date).ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);
}
