using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AlertResponder.Resilience;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation.Silences;

/// <summary>What silences need of Alertmanager's API v2 (source: its OpenAPI document). One call, one try; answers are bounded.</summary>
internal sealed partial class AlertmanagerClient(HttpClient http, IOptions<AlertmanagerOptions> options)
{
    private const int MostBytes = 16 * 1024 * 1024;
    private const int MostErrorBytes = 4 * 1024;
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>A redirect is not followed: it could lead anywhere.</summary>
    public static HttpClient CreateHttp() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = AlertmanagerAddress.ConnectAsync,
        PooledConnectionLifetime = ConnectionLifetime,
    })
    {
        MaxResponseContentBufferSize = MostBytes,
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

    /// <summary>The fingerprints of the alerts that fire, silenced or not, as far as the matchers say.</summary>
    public async Task<IReadOnlySet<string>> FiringAsync(Uri address, IReadOnlyList<SilenceMatcher> matchers, CancellationToken cancellationToken)
    {
        var alerts = await GetAsync<List<FiringAlert>>(address, $"api/v2/alerts{Filter(matchers)}", cancellationToken);
        return alerts.Select(alert => alert.Fingerprint).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>When it was started.</summary>
    public async Task<DateTimeOffset> StartedAtAsync(Uri address, CancellationToken cancellationToken) =>
        (await GetAsync<AlertmanagerStatus>(address, "api/v2/status", cancellationToken)).Uptime;

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
        return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken) ?? throw new JsonException("Alertmanager's answer is null.");
    }

    private HttpRequestMessage Request(HttpMethod method, Uri address, string path)
    {
        var isConfigured = options.Value.Url is { Length: > 0 };
        return new HttpRequestMessage(method, new Uri(address, path)) { Headers = { Authorization = isConfigured ? options.Value.Authorization() : null } };
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new FailedAnswerException(response.StatusCode, response.Headers.RetryAfter?.Delta, text.Length <= MostErrorBytes ? text : text[..MostErrorBytes]);
        }
    }

    private sealed record FiringAlert(string Fingerprint);

    private sealed record AlertmanagerStatus(DateTimeOffset Uptime);
}
