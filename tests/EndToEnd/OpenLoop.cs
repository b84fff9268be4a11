using System.Net;
using System.Net.Http.Headers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>
/// Sends webhooks at times that are planned beforehand. Where the pipeline is slow the next webhook does not wait for it, as no
/// alert does, and the wait counts.
/// </summary>
public static class OpenLoop
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Returns when every webhook is answered or given up.</summary>
    public static async Task<IReadOnlyList<SentWebhook>> SendAsync(
        Uri address, IEnumerable<string> webhooks, DateTimeOffset first, TimeSpan interval, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience };
        List<Task<SentWebhook>> sent = [];
        var planned = first;
        foreach (var webhook in webhooks)
        {
            var wait = planned - TimeProvider.System.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, TimeProvider.System, cancellationToken);
            }

            sent.Add(SendAsync(http, address, webhook, planned, cancellationToken));
            planned += interval;
        }

        return await Task.WhenAll(sent);
    }

    private static async Task<SentWebhook> SendAsync(HttpClient http, Uri address, string webhook, DateTimeOffset planned, CancellationToken cancellationToken)
    {
        using var content = new StringContent(webhook, MediaTypeHeaderValue.Parse("application/json"));
        try
        {
            using var response = await http.PostAsync(address, content, cancellationToken);
            return new SentWebhook(planned, response.StatusCode == HttpStatusCode.OK);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new SentWebhook(planned, Accepted: false);
        }
    }
}

/// <param name="Planned">When it was to be sent.</param>
/// <param name="Accepted">Whether it was answered with 200.</param>
public sealed record SentWebhook(DateTimeOffset Planned, bool Accepted);
