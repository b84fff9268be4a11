using System.Net;
using System.Net.Http.Json;
using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment.Comparison;

/// <summary>What is true: the alerts of one Alertmanager, which Prometheus sends it once a minute, and its API.</summary>
internal sealed class ModelAlertmanager(Func<DateTimeOffset> now) : HttpMessageHandler
{
    public const string Address = "http://alertmanager.model:9093";

    /// <summary>Where the other one of the pair says that it is; it is never asked.</summary>
    public const string SecondAddress = "http://alertmanager-1.model:9093";
    public const string Receiver = "hook";

    private static readonly TimeSpan SentEvery = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, ModelAlert> alerts = new(StringComparer.Ordinal);
    private DateTimeOffset startedAt;

    /// <summary>An empty one that has been running for a day.</summary>
    public void Clear()
    {
        alerts.Clear();
        startedAt = now().AddDays(-1);
    }

    public bool IsFiring(string fingerprint) => alerts.TryGetValue(fingerprint, out var alert) && alert.EndsAt is null;

    /// <summary>Whether its API has it.</summary>
    public bool IsListed(string fingerprint) => alerts.TryGetValue(fingerprint, out var alert) && IsListed(alert);

    public bool HasFired(string fingerprint) => alerts.ContainsKey(fingerprint);

    /// <summary>It fires, since now or since it last did.</summary>
    /// <returns>What its webhook says.</returns>
    public Alert Fire(string fingerprint, bool sameStart)
    {
        var at = now().InMicroseconds();
        alerts[fingerprint] = new ModelAlert(sameStart && alerts.TryGetValue(fingerprint, out var before) ? before.StartsAt : at, at, EndsAt: null, ListedFrom: at);
        return Told(fingerprint, AlertStatus.Firing);
    }

    /// <summary>It ends now, by Prometheus' word or because that was not heard of.</summary>
    public Alert Resolve(string fingerprint)
    {
        alerts[fingerprint] = alerts[fingerprint] with { EndsAt = now().InMicroseconds() };
        return Told(fingerprint, AlertStatus.Resolved);
    }

    /// <summary>What a webhook said or says of it.</summary>
    public Alert Told(string fingerprint, AlertStatus status) => new(
        fingerprint,
        status,
        Labels(fingerprint),
        new Dictionary<string, string>(StringComparer.Ordinal),
        alerts[fingerprint].StartsAt,
        status == AlertStatus.Firing ? null : alerts[fingerprint].EndsAt,
        GeneratorUrl: null);

    /// <summary>It is started anew: it has what Prometheus sends it again.</summary>
    public void Restart()
    {
        startedAt = now();
        foreach (var fingerprint in alerts.Keys.ToList())
        {
            alerts[fingerprint] = alerts[fingerprint] with { ListedFrom = startedAt + SentEvery };
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
    {
        Content = request.RequestUri!.AbsolutePath == "/api/v2/status" ? JsonContent.Create(new { uptime = startedAt }) : JsonContent.Create(alerts
            .Where(alert => IsListed(alert.Value))
            .Select(alert => new
            {
                fingerprint = alert.Key,
                startsAt = alert.Value.StartsAt,
                updatedAt = SentAt(alert.Value),
                labels = Labels(alert.Key),
                receivers = new[] { new { name = Receiver } },
                status = new { state = "active" },
            })),
    });

    private bool IsListed(ModelAlert alert) => alert.EndsAt is null && alert.ListedFrom <= now();

    private static Dictionary<string, string> Labels(string fingerprint) => new(StringComparer.Ordinal) { ["alertname"] = "Partition", ["job"] = fingerprint };

    private DateTimeOffset SentAt(ModelAlert alert) => alert.FiresSince + (Math.Floor((now() - alert.FiresSince) / SentEvery) * SentEvery);

    /// <param name="StartsAt">As Prometheus says.</param>
    /// <param name="FiresSince">When it was first sent for this time.</param>
    /// <param name="EndsAt">Null while it fires.</param>
    /// <param name="ListedFrom">When it is there again after a start.</param>
    private sealed record ModelAlert(DateTimeOffset StartsAt, DateTimeOffset FiresSince, DateTimeOffset? EndsAt, DateTimeOffset ListedFrom);
}
