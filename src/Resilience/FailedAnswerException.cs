using System.Net;

namespace AlertResponder.Resilience;

/// <summary>An HTTP answer that is no success.</summary>
/// <param name="status">Its status.</param>
/// <param name="retryAfter">How long the server asks to wait; null when it does not say.</param>
/// <param name="text">The beginning of its body. Untrusted: neither redacted nor part of the message.</param>
public sealed class FailedAnswerException(HttpStatusCode status, TimeSpan? retryAfter, string text)
    : HttpRequestException($"The answer was {(int)status}", inner: null, status)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;

    public string Text { get; } = text;
}
