using System.Net;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Remediation.Silences;
using AlertResponder.Resilience;
using AlertResponder.Simulators.Alertmanager;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Enrichment;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AlertResponder.Tests.Unit.Remediation.Silences;

public sealed class SilencerTests : IAsyncLifetime
{
    private static readonly Guid ProposalId = new("0198c0de-0000-7000-8000-00000000000a");

    private readonly AlertmanagerOptions options = new();
    private readonly HttpClient http = AlertmanagerClient.CreateHttp(isConfigured: false);
    private readonly FastTime time = new();
    private AlertmanagerSimulator alertmanager = null!;
    private Silencer silencer = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Uri Address => silencer.Address(alertmanager.ExternalUrl).ShouldNotBeNull();

    public async ValueTask InitializeAsync()
    {
        alertmanager = await AlertmanagerSimulator.StartAsync("/alerts/am", cancellationToken: Cancellation);
        silencer = new Silencer(new AlertmanagerClient(http, Options.Create(options)), new Upstream(UpstreamPolicies.Alertmanager, time, NullLogger<Upstream>.Instance));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await alertmanager.DisposeAsync();
    }

    [Fact]
    public async Task Make_Once_IsThereBelowThePathThatTheWebhookStates()
    {
        await MakeAsync();

        var silence = alertmanager.Silences.ShouldHaveSingleItem();
        silence["createdBy"]!.ToString().ShouldBe("alert-responder");
        silence["matchers"]!.ToJsonString().ShouldBe("""[{"name":"alertname","value":"A","isRegex":false,"isEqual":true},{"name":"pod","value":"a|b","isRegex":true,"isEqual":true}]""");
        alertmanager.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Make_Again_MakesNoSecondOne()
    {
        await MakeAsync();
        await MakeAsync();

        alertmanager.Silences.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Make_AfterItWasLifted_MakesNoSecondOne()
    {
        await MakeAsync();
        await silencer.LiftAsync(Address, ProposalId, Cancellation);

        await MakeAsync();

        alertmanager.Silences.ShouldHaveSingleItem()["status"]!["state"]!.ToString().ShouldBe("expired");
    }

    [Fact]
    public async Task Make_AnswerIsLost_MakesOne()
    {
        alertmanager.Faults.Next(1, Fault.LostAnswer, request => request.Method == "POST");

        await MakeAsync();

        alertmanager.Silences.Count.ShouldBe(1);
        alertmanager.Requests.Count(request => request.Method == "POST").ShouldBe(1);
    }

    [Fact]
    public async Task Make_ByManyAtOnce_LeavesOne()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => MakeAsync()));

        alertmanager.Silences.Count(silence => silence["status"]!["state"]!.ToString() == "active").ShouldBe(1);
    }

    [Fact]
    public async Task Make_ForAnotherProposal_IsAnotherOne()
    {
        await MakeAsync();
        await MakeAsync(Guid.NewGuid());

        alertmanager.Silences.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Lift_TwiceAndForNothing_EndsItsOwnAlone()
    {
        await MakeAsync();
        var other = Guid.NewGuid();
        await MakeAsync(other);

        await silencer.LiftAsync(Address, ProposalId, Cancellation);
        await silencer.LiftAsync(Address, ProposalId, Cancellation);
        await silencer.LiftAsync(Address, Guid.NewGuid(), Cancellation);

        (await silencer.FindAsync(Address, ProposalId, Cancellation)).ShouldHaveSingleItem().IsOver.ShouldBeTrue();
        (await silencer.FindAsync(Address, other, Cancellation)).ShouldHaveSingleItem().IsOver.ShouldBeFalse();
        alertmanager.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Extend_Active_MovesItsEnd()
    {
        await MakeAsync();
        var silence = (await silencer.FindAsync(Address, ProposalId, Cancellation)).Single();

        await silencer.ExtendAsync(Address, silence, silence.EndsAt.AddHours(1), Cancellation);

        (await silencer.FindAsync(Address, ProposalId, Cancellation)).ShouldHaveSingleItem().EndsAt.ShouldBe(silence.EndsAt.AddHours(1));
    }

    [Fact]
    public async Task Firing_SomeAlerts_AreAskedForByWhatIsPlain()
    {
        alertmanager.Fire("01", "02");

        var listing = await silencer.ListAsync(Address, Matchers("A \"b\""), Cancellation);

        listing.Alerts.Select(alert => alert.Fingerprint).ShouldBe(["01", "02"], ignoreOrder: true);
        listing.Since.ShouldBe(alertmanager.StartedAt, TimeSpan.FromMilliseconds(1));
        alertmanager.Requests.ShouldContain(request => request.Target == "/alerts/am/api/v2/alerts");
        await silencer.ListAsync(Address, Matchers("A"), Cancellation);
        alertmanager.Requests.ShouldContain(request => request.Target == "/alerts/am/api/v2/alerts?filter=alertname%3D%22A%22");
    }

    [Theory]
    [InlineData("secret", null, null, "Bearer secret")]
    [InlineData(null, "ops", "pass", "Basic b3BzOnBhc3M=")]
    public async Task Credentials_ForTheConfiguredAddress_AreSent(string? token, string? user, string? password, string expected)
    {
        (options.Url, options.BearerToken, options.Username, options.Password) = (alertmanager.ExternalUrl, token, user, password);
        alertmanager.Authorization = expected;
        var client = new Silencer(new AlertmanagerClient(http, Options.Create(options)), new Upstream(UpstreamPolicies.Alertmanager, time, NullLogger<Upstream>.Instance));

        await client.FindAsync(client.Address("http://elsewhere.example").ShouldNotBeNull(), ProposalId, Cancellation);

        alertmanager.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Redirect_Wherever_IsNotFollowed()
    {
        alertmanager.Faults.Always(Fault.Status(302, headers: new Dictionary<string, string> { ["Location"] = $"{alertmanager.ExternalUrl}/api/v2/silences" }));

        (await Should.ThrowAsync<FailedAnswerException>(() => silencer.FindAsync(Address, ProposalId, Cancellation))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        alertmanager.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(500, 3)]
    [InlineData(503, 3)]
    public async Task Find_Failing_IsTriedAsItsStatusSays(int status, int tries)
    {
        alertmanager.Faults.Always(Fault.Status(status, "no"));

        var failure = await Should.ThrowAsync<FailedAnswerException>(() => silencer.FindAsync(Address, ProposalId, Cancellation));

        (failure.StatusCode, failure.Text).ShouldBe(((HttpStatusCode)status, "no"));
        alertmanager.Requests.Count.ShouldBe(tries);
    }

    [Fact]
    public async Task Find_ThrottledThreeTimes_IsPausedForFiveMinutes()
    {
        alertmanager.Faults.Always(Fault.Status(429, retryAfter: TimeSpan.FromSeconds(1)));
        await Should.ThrowAsync<Exception>(() => silencer.FindAsync(Address, ProposalId, Cancellation));

        await Should.ThrowAsync<UpstreamPausedException>(() => silencer.FindAsync(Address, ProposalId, Cancellation));

        alertmanager.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("http://alertmanager:9093", "http://alertmanager:9093/")]
    [InlineData("https://example.com/am/", "https://example.com/am/")]
    [InlineData("https://example.com/am", "https://example.com/am/")]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("alertmanager:9093", null)]
    [InlineData("ftp://alertmanager", null)]
    [InlineData("file:///etc/passwd", null)]
    [InlineData("http://user:secret@alertmanager:9093", null)]
    [InlineData("http://alertmanager:9093/?x=", null)]
    [InlineData("http://alertmanager:9093/#x", null)]
    [InlineData("gopher://169.254.169.254/", null)]
    public void Address_OfAWebhook_IsHttpAndNothingMore(string? text, string? expected) =>
        silencer.Address(text)?.AbsoluteUri.ShouldBe(expected);

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[fe80::1]:9093")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://2852039166/")]
    [InlineData("http://168.63.129.16/")]
    [InlineData("http://100.100.100.200/")]
    public async Task Find_AtAReservedAddress_CallsNothing(string url)
    {
        var failure = await Should.ThrowAsync<HttpRequestException>(() => silencer.FindAsync(silencer.Address(url).ShouldNotBeNull(), ProposalId, Cancellation));

        failure.GetBaseException().Message.ShouldContain("link-local");
    }

    private static SilenceMatcher[] Matchers(string name) => [new("alertname", name, IsRegex: false), new("pod", "a|b", IsRegex: true)];

    private Task MakeAsync(Guid? proposalId = null)
    {
        var id = proposalId ?? ProposalId;
        var now = TimeProvider.System.GetUtcNow();
        return silencer.MakeAsync(Address, id, Matchers("A"), now, now.AddHours(1), $"Alert Responder, {SilenceText.Mark(id)}", Cancellation);
    }
}
