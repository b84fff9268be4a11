using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AlertResponder.Incidents;
using AlertResponder.Resilience;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Resilience;
using AlertResponder.Tests.Unit.Time;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Host;

/// <summary>Health and status of the running application: in-memory bus, SQLite.</summary>
public sealed class EndpointTests(RunningHost running) : IClassFixture<RunningHost>, IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly TestHost host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Health_Running_IsLiveAndReady()
    {
        using var http = running.Client();

        using var live = await http.GetAsync(new Uri("healthz/live", UriKind.Relative), Cancellation);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => await StatusOfAsync(http, "healthz/ready") == HttpStatusCode.OK, "it is ready");
        var ready = await JsonAsync(http, "healthz/ready");
        ready.GetProperty("status").GetString().ShouldBe("Healthy");
        ready.GetProperty("checks").GetProperty("store").GetString().ShouldBe("Healthy");
    }

    [Fact]
    public async Task Status_Loopback_ShowsRolesAndUpstreams()
    {
        using var http = running.Client();

        var status = await JsonAsync(http, "status");

        status.GetProperty("roles").GetString().ShouldBe("All");
        status.GetProperty("upstreams").EnumerateArray().Select(upstream => (upstream.GetProperty("name").GetString(), upstream.GetProperty("pausedUntil").ValueKind))
            .ShouldBe([("alertmanager", JsonValueKind.Null), ("alertmanager-listings", JsonValueKind.Null), ("bedrock", JsonValueKind.Null), ("kubernetes", JsonValueKind.Null)]);
    }

    [Fact]
    public async Task Status_OpenIncidents_AreListedWithTheCounts()
    {
        using var http = running.Client();
        await using (var scope = running.App.Services.CreateAsyncScope())
        {
            var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
            var (open, resolved) = (Samples.Incident(), Samples.Incident(resolvedAt: Samples.Start));
            open.AnalysisJson = StoredJson.Write(Samples.Analysis(open.Id));
            (open.DrawnVersion, resolved.DrawnVersion) = (1, 1);
            store.Incidents.AddRange(open, resolved);
            await store.SaveChangesAsync(Cancellation);
        }

        var status = await JsonAsync(http, "status");

        status.GetProperty("checks").GetProperty("store").GetString().ShouldBe("Healthy");
        status.GetProperty("counts").GetProperty("openIncidents").GetInt32().ShouldBe(1);
        status.GetProperty("counts").GetProperty("undrawnIncidents").GetInt32().ShouldBe(0);
        status.GetProperty("counts").GetProperty("inbox").GetInt32().ShouldBe(0);
        var incident = status.GetProperty("incidents").EnumerateArray().ShouldHaveSingleItem();
        incident.GetProperty("subject").GetString().ShouldBe("CronJob cardboard/price-scraper");
        incident.GetProperty("severity").GetString().ShouldBe("Critical");
        incident.GetProperty("cause").GetString().ShouldBe("scraper was OOMKilled");
    }

    [Fact]
    public async Task Status_UpstreamPaused_ShowsUntilWhen()
    {
        var time = new WatchedTimeProvider();
        await using var app = host.Build(services => services.AddSingleton<TimeProvider>(time));
        using var http = await TestHost.StartAsync(app);
        var kubernetes = app.Services.GetRequiredKeyedService<Upstream>(UpstreamNames.Kubernetes);

        (await time.OutcomeAsync(
            kubernetes.CallAsync<int>(_ => throw new HttpRequestException("slow down", null, HttpStatusCode.TooManyRequests), Cancellation),
            upTo: TimeSpan.MaxValue)).ShouldBeOfType<UpstreamPausedException>();

        var status = await JsonAsync(http, "status");
        status.GetProperty("upstreams").EnumerateArray().Single(upstream => upstream.GetProperty("name").GetString() == "kubernetes")
            .GetProperty("pausedUntil").GetDateTimeOffset().ShouldBe(kubernetes.PausedUntil!.Value);
        await app.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    public async Task Status_ThroughAProxyWithoutToken_IsForbidden(string header)
    {
        using var http = running.Client();
        http.DefaultRequestHeaders.Add(header, "for=203.0.113.7");

        (await StatusOfAsync(http, "status")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusOfAsync(http, "healthz/live")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Status_ByANameThatIsNotLoopbacks_IsForbiddenWithoutToken()
    {
        using var http = running.Client();

        http.DefaultRequestHeaders.Host = "rebound.example";
        (await StatusOfAsync(http, "status")).ShouldBe(HttpStatusCode.Forbidden);
        http.DefaultRequestHeaders.Host = "localhost";
        (await StatusOfAsync(http, "status")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Status_WithPageToken_AsksForItWhereverTheCallIsFrom()
    {
        await using var app = host.Build(("Page:Token", Token));
        using var http = await TestHost.StartAsync(app);

        (await StatusOfAsync(http, "status")).ShouldBe(HttpStatusCode.Unauthorized);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token + "0");
        (await StatusOfAsync(http, "status")).ShouldBe(HttpStatusCode.Unauthorized);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        (await StatusOfAsync(http, "status")).ShouldBe(HttpStatusCode.OK);
        await app.StopAsync(Cancellation);
    }

    private static async Task<HttpStatusCode> StatusOfAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return response.StatusCode;
    }

    private static async Task<JsonElement> JsonAsync(HttpClient http, string path) =>
        JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation));
}
