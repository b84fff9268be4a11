using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AlertResponder.Resilience;
using AlertResponder.Resilience.Failures;
using Microsoft.Extensions.Options;

namespace AlertResponder.Connections.Alertmanager;

/// <summary>What is needed of Alertmanager's API v2 (source: its OpenAPI document). One call, one try; answers are bounded.</summary>
public sealed partial class AlertmanagerClient(HttpClient http, IOptions<AlertmanagerOptions> options)
{
    // 20,000 ordinary alerts are 22 MB.
    private const int MostBytes = 64 * 1024 * 1024;
    private const int MostErrorBytes = 4 * 1024;
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>A redirect is not followed: it could lead anywhere.</summary>
    /// <param name="isConfigured">
    /// Whether the address is the configured one: it may be behind a proxy of the environment's. One that a webhook states is called by ourselves, since
    /// with a proxy it is the proxy that is connected to.
    /// </param>
    public static HttpClient CreateHttp(bool isConfigured) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = isConfigured,
        UseCookies = false,
        ConnectCallback = isConfigured ? null : AlertmanagerAddress.ConnectAsync,
        PooledConnectionLifetime = ConnectionLifetime,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The address that is called: the configured one, or the webhook's; null without either.</summary>
    public Uri? Address(string? externalUrl) => AlertmanagerAddress.Of(options.Value.Url is { Length: > 0 } configured ? configured : externalUrl);

    /// <summary>All there are, those of the last days that have ended too.</summary>
    public async Task<IReadOnlyList<Silence>> SilencesAsync(Uri address, CancellationToken cancellationToken) =>
        await GetAsync<List<Silence>>(address, "api/v2/silences", cancellationToken);

    /// <summary>Makes a silence, or changes the one with its id.</summary>
    public async Task PutAsync(Uri address, Silence silence, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, address, "api/v2/silences");
        request.Content = JsonContent.Create(silence, options: Json);
        using var response = await SendAsync(request, cancellationToken);
    }

    /// <summary>Ends a silence that has not ended.</summary>
    public async Task EndAsync(Uri address, string id, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Delete, address, $"api/v2/silence/{Uri.EscapeDataString(id)}");
        using var response = await SendAsync(request, cancellationToken);
    }

    /// <summary>The alerts that have not ended, silenced or not, of those that match at least, and what it takes to judge by them.</summary>
    public async Task<AlertListing> ListAsync(Uri address, IReadOnlyList<SilenceMatcher> matchers, CancellationToken cancellationToken)
    {
        // In this order: what was started since then has lost its alerts, and says so.
        var listed = await GetAsync<List<ListedAlert?>>(address, $"api/v2/alerts{Filter(matchers)}", cancellationToken);
        var alerts = listed.OfType<ListedAlert>().Select(alert => alert.WithoutNulls()).ToList();
        var status = await GetAsync<AlertmanagerStatus>(address, "api/v2/status", cancellationToken);
        return new AlertListing(alerts, status.Uptime, TellsWhoIsMuted(alerts, status));
    }

    // The versions that don't say of an alert that it is muted have it in their configuration that some are.
    private static bool TellsWhoIsMuted(List<ListedAlert> alerts, AlertmanagerStatus status) =>
        alerts.Exists(alert => alert.Status?.MutedBy is not null)
        || status.Config?.Original is not { } file
        || !(file.Contains("mute_time_intervals", StringComparison.Ordinal) || file.Contains("active_time_intervals", StringComparison.Ordinal));

    // It only spares us the other alerts. How odd values are quoted has changed between its versions, so that these are left out.
    private static string Filter(IReadOnlyList<SilenceMatcher> matchers)
    {
        var plain = matchers.Where(matcher => !matcher.IsRegex && PlainValue().IsMatch(matcher.Value)).ToList();
        return plain.Count == 0 ? "" : $"?{string.Join('&', plain.Select(matcher => $"filter={Uri.EscapeDataString(matcher.ToString())}"))}";
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.:/-]+\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex PlainValue();

    private async Task<T> GetAsync<T>(Uri address, string path, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, address, path);
        using var response = await SendAsync(request, cancellationToken);
        await using var answer = new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), MostBytes, "Alertmanager's");
        return await JsonSerializer.DeserializeAsync<T>(answer, Json, cancellationToken) ?? throw new JsonException("Alertmanager's answer is null.");
    }

    private HttpRequestMessage Request(HttpMethod method, Uri address, string path)
    {
        var isConfigured = options.Value.Url is { Length: > 0 };
        return new HttpRequestMessage(method, new Uri(address, path)) { Headers = { Authorization = isConfigured ? options.Value.Authorization() : null } };
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var text = new byte[MostErrorBytes];
            await using var answer = await response.Content.ReadAsStreamAsync(cancellationToken);
            var length = await answer.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
            throw new FailedAnswerException(response.StatusCode, RetryAfterHeader.Read(response.Headers.RetryAfter, response.Headers.Date), Encoding.UTF8.GetString(text, 0, length));
        }
    }

    private sealed record AlertmanagerStatus(DateTimeOffset Uptime, AlertmanagerConfiguration? Config = null);

    private sealed record AlertmanagerConfiguration(string? Original);
}
