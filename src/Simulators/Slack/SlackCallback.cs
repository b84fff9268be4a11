using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace AlertResponder.Simulators.Slack;

/// <summary>A signed HTTP callback. Sent twice it is a replay; with another body or signature it is a forgery.</summary>
/// <param name="Body">A form with the field <c>payload</c>.</param>
/// <param name="Timestamp">Seconds since 1970, as in <c>X-Slack-Request-Timestamp</c>.</param>
/// <param name="Signature"><c>v0=</c> and the HMAC, as in <c>X-Slack-Signature</c>.</param>
public sealed record SlackCallback(string Body, string Timestamp, string Signature)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly HttpClient Client = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends it once, as Slack does: it never repeats a click's.</summary>
    /// <param name="requestUrl">The app's request URL.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<CallbackAnswer> SendAsync(Uri requestUrl, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, requestUrl)
        {
            Content = new StringContent(Body, Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        request.Headers.Add("X-Slack-Request-Timestamp", Timestamp);
        request.Headers.Add("X-Slack-Signature", Signature);
        var started = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await Client.SendAsync(request, patience.Token);
            var body = await response.Content.ReadAsStringAsync(patience.Token);
            return new CallbackAnswer(response.StatusCode, body, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new CallbackAnswer(null, "", Stopwatch.GetElapsedTime(started));
        }
    }
}

/// <summary>What the app answered to a callback.</summary>
/// <param name="Status">Null when it did not answer within the three seconds that Slack waits, or could not be reached.</param>
/// <param name="Body">Empty without one.</param>
/// <param name="Latency">How long it took.</param>
public sealed record CallbackAnswer(HttpStatusCode? Status, string Body, TimeSpan Latency);
