using System.Net.Http.Headers;

namespace AlertResponder.Resilience.Failures;

/// <summary>The header <c>Retry-After</c> (RFC 9110, section 10.2.3): seconds, or a time by the server's clock. Pure.</summary>
public static class RetryAfterHeader
{
    /// <summary>However long a server asks for, it is tried again after so long: what it says may be a mistake, and people wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="value">The header; null when there is none.</param>
    /// <param name="date">The header <c>Date</c> of the same answer, which a time is counted from; ours may go wrong.</param>
    /// <returns>How long to wait, <see cref="Longest"/> at most; null when the header does not say.</returns>
    public static TimeSpan? Read(string? value, string? date) => RetryConditionHeaderValue.TryParse(value, out var parsed) ? Read(parsed, Date(date)) : null;

    /// <inheritdoc cref="Read(string?, string?)"/>
    public static TimeSpan? Read(RetryConditionHeaderValue? value, DateTimeOffset? date) => (value?.Delta ?? (value?.Date - date)) switch
    {
        null => null,
        { } wait when wait < TimeSpan.Zero => TimeSpan.Zero,
        { } wait => wait < Longest ? wait : Longest,
    };

    private static DateTimeOffset? Date(string? text)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Date", text);
        return response.Headers.Date;
    }
}
