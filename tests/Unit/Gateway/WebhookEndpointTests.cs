using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AlertResponder.Contracts;
using AlertResponder.Gateway;
using AlertResponder.Gateway.Intake;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Tests.Unit.Gateway;

public sealed class WebhookEndpointTests
{
    private const string Token = "0123456789abcdef-token";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_RealPayload_IsAcceptedWithItsCounts()
    {
        await using var gateway = await Host.StartAsync();

        using var response = await gateway.PostAsync(Payloads.Read("firing-group-truncated"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        answer.GetProperty("accepted").GetInt32().ShouldBe(10);
        answer.GetProperty("truncatedAlerts").GetInt64().ShouldBe(15);
        gateway.Intake.Accepted.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Post_OneBadAlert_AcceptsTheOthersAndSaysWhy()
    {
        await using var gateway = await Host.StartAsync();
        var body = Payloads.Json();
        body["alerts"]!.AsArray().Add(42);

        using var response = await gateway.PostAsync(Payloads.Bytes(body.ToJsonString()));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        answer.GetProperty("setAside")[0].GetString().ShouldBe("alerts[1]: is not an object");
        gateway.Intake.Accepted.ShouldHaveSingleItem();
        var refusal = (await gateway.RefusalsAsync()).ShouldHaveSingleItem();
        (refusal.Reason, refusal.Count, refusal.Untold, refusal.Sender).ShouldBe((RefusalReason.SetAside, 1, 1, "127.0.0.1 (Alertmanager/0.25.0)"));
        refusal.Detail.ShouldBe("Of a webhook 1 were no alerts: alerts[1]: is not an object.");
    }

    [Fact]
    public async Task Post_CriticalAlertAtTheEnd_IsHandedInFirst()
    {
        await using var gateway = await Host.StartAsync();
        var body = Payloads.Json("firing-group-truncated");
        var critical = Payloads.Json()["alerts"]![0]!.DeepClone();
        critical["labels"]!["severity"] = "P1";
        body["alerts"]!.AsArray().Add(critical);

        using var response = await gateway.PostAsync(Payloads.Bytes(body.ToJsonString()));

        gateway.Intake.Accepted.Count.ShouldBe(11);
        gateway.Intake.Accepted[0].Alert.Labels["severity"].ShouldBe("P1");
        gateway.Intake.Accepted[0].Alert.Severity.ShouldBe(Severity.Critical);
    }

    [Fact]
    public async Task Post_GroupThatAlertmanagerCut_IsToldToPeopleToo()
    {
        await using var gateway = await Host.StartAsync();

        using var response = await gateway.PostAsync(Payloads.Read("firing-group-truncated"));

        var refusal = (await gateway.RefusalsAsync()).ShouldHaveSingleItem();
        (refusal.Reason, refusal.Count).ShouldBe((RefusalReason.Truncated, 15));
    }

    [Fact]
    public async Task Post_SeverityWordOfOnesOwn_Counts()
    {
        await using var gateway = await Host.StartAsync(settings: ("Gateway:SeverityWords:ROT", "critical"));

        using var response = await gateway.PostAsync(Payloads.WithAlert(alert => alert["labels"]!["severity"] = "rot"));

        gateway.Intake.Accepted.Single().Alert.Severity.ShouldBe(Severity.Critical);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    public async Task Post_WithACharacterSetAndAByteOrderMark_IsAccepted(string contentType)
    {
        await using var gateway = await Host.StartAsync();

        using var response = await gateway.PostAsync([0xEF, 0xBB, 0xBF, .. Payloads.Read("firing-single")], contentType: contentType);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_RefusalThatCannotBeRecorded_Is503SoThatItComesAgain()
    {
        await using var gateway = await Host.StartAsync();
        await gateway.Store.ChangeAsync(context => context.Database.ExecuteSqlAsync($"DROP TABLE refusals", Cancellation));

        using var refused = await gateway.PostAsync("{}"u8.ToArray());
        using var setAside = await gateway.PostAsync("""{"alerts":[42]}"""u8.ToArray());

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        setAside.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Post_OnlyTheRefusalCannotBeRecorded_RepeatHasOnlyThatToDo()
    {
        await using var gateway = await Host.StartAsync();
        await gateway.Store.ChangeAsync(context => context.Database.ExecuteSqlAsync($"DROP TABLE refusals", Cancellation));

        using var response = await gateway.PostAsync("""{"alerts":[{"status":"firing","labels":{"alertname":"A"},"startsAt":"2026-11-22T02:13:00Z"},42]}"""u8.ToArray());

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        gateway.Intake.Accepted.ShouldHaveSingleItem();
        gateway.Confirmed.NotYet(gateway.Intake.Accepted).ShouldBeEmpty();
    }

    // Whoever they are, they make one record, and one write a minute.
    [Fact]
    public async Task Post_StrangersWithoutAToken_AreOneRecord()
    {
        await using var gateway = await Host.StartAsync(Token);

        for (var call = 0; call < 5; call++)
        {
            using var response = await gateway.PostAsync(Payloads.Read("firing-single"), $"wrong-token-of-some-length-{call}");
        }

        var refusal = (await gateway.RefusalsAsync()).ShouldHaveSingleItem();
        (refusal.Sender, refusal.Reason, refusal.Count).ShouldBe(("callers without a valid token", RefusalReason.Unauthorized, 1));
    }

    [Fact]
    public async Task Post_NotAWebhook_Is400()
    {
        await using var gateway = await Host.StartAsync();

        using var response = await gateway.PostAsync("{}"u8.ToArray());

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("not an Alertmanager webhook");
        gateway.Intake.Accepted.ShouldBeEmpty();
        (await gateway.RefusalsAsync()).ShouldHaveSingleItem().Reason.ShouldBe(RefusalReason.NotAWebhook);
    }

    // A web page may send these to any site without asking, with its visitor's address.
    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Post_NotJson_Is415AndNothingIsAccepted(string? contentType)
    {
        await using var gateway = await Host.StartAsync();

        using var response = await gateway.PostAsync(Payloads.Read("firing-single"), contentType: contentType);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        gateway.Intake.Calls.ShouldBe(0);
        (await gateway.RefusalsAsync()).ShouldHaveSingleItem().Reason.ShouldBe(RefusalReason.WrongType);
    }

    [Fact]
    public async Task Post_IntakeCannotKeepThem_Is503()
    {
        await using var gateway = await Host.StartAsync();
        gateway.Intake.Fails = true;

        using var response = await gateway.PostAsync(Payloads.Read("firing-single"));

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("disk");
        (await gateway.RefusalsAsync()).ShouldHaveSingleItem().Reason.ShouldBe(RefusalReason.NotSafe);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong-token-of-some-length")]
    public async Task Post_MissingOrWrongToken_Is401AndNothingIsAccepted(string? token)
    {
        await using var gateway = await Host.StartAsync(Token);

        using var response = await gateway.PostAsync(Payloads.Read("firing-single"), token);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        gateway.Intake.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Post_RightToken_IsAccepted()
    {
        await using var gateway = await Host.StartAsync(Token);

        using var response = await gateway.PostAsync(Payloads.Read("firing-single"), Token, forwardedFor: "203.0.113.7");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_ThroughAProxyWithoutAToken_Is403()
    {
        await using var gateway = await Host.StartAsync();

        using var response = await gateway.PostAsync(Payloads.Read("firing-single"), forwardedFor: "203.0.113.7");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        gateway.Intake.Calls.ShouldBe(0);
    }

    // A page in a browser of this machine, whose name was made to lead here: what its webhook states as Alertmanager's address, silences would go to.
    [Theory]
    [InlineData("rebound.example", null, HttpStatusCode.Forbidden)]
    [InlineData("alert-responder.monitoring.svc:8080", null, HttpStatusCode.Forbidden)]
    [InlineData("localhost:8080", null, HttpStatusCode.OK)]
    [InlineData("alert-responder.monitoring.svc:8080", Token, HttpStatusCode.OK)]
    [InlineData("host.docker.internal", Token, HttpStatusCode.OK)]
    public async Task Post_ByAName_IsTakenWithATokenOrByALoopbackName(string name, string? token, HttpStatusCode expected)
    {
        await using var gateway = await Host.StartAsync(token);

        using var response = await gateway.PostAsync(Payloads.Read("firing-single"), token, name: name);

        response.StatusCode.ShouldBe(expected);
        gateway.Intake.Accepted.Count.ShouldBe(expected == HttpStatusCode.OK ? 1 : 0);
        if (expected == HttpStatusCode.Forbidden)
            (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("Gateway:WebhookToken");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_BodyOverTheLimit_Is413(bool hasContentLength)
    {
        await using var gateway = await Host.StartAsync(maxBodyBytes: 64 * 1024);

        using var response = await gateway.PostAsync(Padded((64 * 1024) + 1), chunked: !hasContentLength);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        gateway.Intake.Accepted.ShouldHaveSingleItem("what came before the limit is taken");
        (await gateway.RefusalsAsync()).ShouldHaveSingleItem().Detail.ShouldEndWith("The 1 alerts before that are accepted.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_BodyOfExactlyTheLimit_IsAccepted(bool hasContentLength)
    {
        await using var gateway = await Host.StartAsync(maxBodyBytes: 64 * 1024);

        using var response = await gateway.PostAsync(Padded(64 * 1024), chunked: !hasContentLength);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_BodyOverTheServersOwnLimit_IsAcceptedWithinOurs()
    {
        await using var gateway = await Host.StartAsync(maxBodyBytes: 40_000_000);

        using var response = await gateway.PostAsync(Padded(31_000_000));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Get_IsNotAWebhook()
    {
        await using var gateway = await Host.StartAsync();

        using var response = await gateway.Client.GetAsync(new Uri("/webhooks/alertmanager", UriKind.Relative), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    private static byte[] Padded(int size)
    {
        var body = Enumerable.Repeat((byte)' ', size).ToArray();
        Payloads.Read("firing-single").CopyTo(body, 0);
        return body;
    }

    private sealed class Host : IAsyncDisposable
    {
        private readonly WebApplication application;

        private readonly TemporaryStore store;

        private Host(WebApplication application, TemporaryStore store, ScriptedIntake intake)
        {
            this.application = application;
            this.store = store;
            Intake = intake;
            Client = new HttpClient { BaseAddress = new Uri(application.Urls.Single()) };
        }

        public HttpClient Client { get; }

        public TemporaryStore Store => store;

        public Task<WebhookRefusal[]> RefusalsAsync() => store.ReadAsync(context => context.Refusals.AsNoTracking().ToArrayAsync(Cancellation));

        public ScriptedIntake Intake { get; }

        public ConfirmedAlerts Confirmed => application.Services.GetRequiredService<ConfirmedAlerts>();

        public static async Task<Host> StartAsync(string? token = null, int? maxBodyBytes = null, params (string Name, string Value)[] settings)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            builder.Logging.ClearProviders();
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Gateway:WebhookToken"] = token,
                ["Gateway:MaxBodyBytes"] = (maxBodyBytes ?? 1024 * 1024).ToString(CultureInfo.InvariantCulture),
            }).AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
            var intake = new ScriptedIntake();
            var store = await TemporaryStore.CreateAsync();
            builder.Services.AddSingleton(TimeProvider.System);
            builder.Services.AddIncidents(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Incidents", (string?)store.ConnectionString)]).Build());
            builder.Services.AddGateway(configuration, durableBus: true).AddSingleton<IAlertIntake>(intake);
            var built = builder.Build();
            built.MapGateway();
            await built.StartAsync(Cancellation);
            return new Host(built, store, intake);
        }

        public async Task<HttpResponseMessage> PostAsync(byte[] body, string? token = null, string? forwardedFor = null, bool chunked = false, string? contentType = "application/json", string? name = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/alertmanager") { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.UserAgent.ParseAdd("Alertmanager/0.25.0");
            request.Headers.Host = name;
            if (token is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            if (forwardedFor is not null)
            {
                request.Headers.Add("X-Forwarded-For", forwardedFor);
            }

            return await Client.SendAsync(request, Cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await application.DisposeAsync();
            await store.DisposeAsync();
        }
    }

    private sealed class ScriptedIntake : IAlertIntake
    {
        public bool Fails { get; set; }

        public int Calls { get; private set; }

        public List<AlertReceived> Accepted { get; } = [];

        public Task AcceptAsync(IReadOnlyList<AlertReceived> alerts, CancellationToken cancellationToken)
        {
            Calls++;
            if (Fails)
            {
                throw new AlertsNotSafeException("The inbox could not be written.", new IOException("disk full"));
            }

            Accepted.AddRange(alerts);
            return Task.CompletedTask;
        }
    }
}
