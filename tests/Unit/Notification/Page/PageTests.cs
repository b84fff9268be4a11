using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification.Page;
using AlertResponder.Tests.Unit.Host;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Notification.Page;

/// <summary>The page of the running application.</summary>
public sealed class PageTests(RunningHost running) : IClassFixture<RunningHost>, IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string Attack = "</pre><script>alert(1)</script><img src=x onerror=\"alert(2)\"> {0} & 'quoted'";

    private readonly TestHost host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task List_OpenAndResolved_ShowsOpenOnesFirst()
    {
        await using var app = host.Build();
        using var http = await TestHost.StartAsync(app);
        await AddAsync(app, Samples.Incident(new Subject("Node", null, "old"), resolvedAt: Samples.Start.AddMinutes(5)));
        await AddAsync(app, Samples.Incident(new Subject("Node", null, "sick")));

        var page = await http.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation);

        page.IndexOf("Node sick", StringComparison.Ordinal).ShouldBeInRange(1, page.IndexOf("Node old", StringComparison.Ordinal));
        page.ShouldNotContain("rel=\"next\"");
        await app.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData("true", null, "Waits for proposals, looked at again")]
    [InlineData("true", 1, "Waits for nothing<")]
    [InlineData("false", null, "Waits for nothing<")]
    [InlineData(null, null, "Waits for nothing<")]
    public async Task Incident_Page_SaysWhatItWaitsFor(string? remediation, int? proposed, string expected)
    {
        await using var app = host.Build(("Remediation:Enabled", remediation), ("Remediation:Namespaces:0", "shop"), ("Remediation:Approvers:0", "U0NIGHT"));
        using var http = await TestHost.StartAsync(app);
        var incident = Samples.Incident(new Subject("Node", null, "sick"), version: 2);
        (incident.EnrichedRevision, incident.AnalyzedRevision, incident.ProposedRevision, incident.DrawnVersion) = (1, 1, proposed, 2);
        incident.ProposeAt = TimeProvider.System.GetUtcNow().AddHours(1).InMicroseconds();
        await AddAsync(app, incident);

        (await http.GetStringAsync(new Uri($"/incidents/{incident.Id:D}", UriKind.Relative), Cancellation)).ShouldContain(expected);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task List_GuessThatIsContinuedInTheTrueOne_SaysWhere()
    {
        await using var app = host.Build();
        using var http = await TestHost.StartAsync(app);
        var known = Samples.Incident(new Subject("Deployment", "shop", "api"));
        var guessed = Samples.Incident(new Subject("Pod", "shop", "api-x2x4z"), resolvedAt: Samples.Start.AddMinutes(5));
        guessed.ContinuedIn = known.Id;
        await AddAsync(app, known);
        await AddAsync(app, guessed);

        var page = await http.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation);

        page.ShouldContain("continued in Deployment shop/api");
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task List_DiagnosisNamesWhatIsOver_ShowsWhatFires()
    {
        await using var app = host.Build();
        using var http = await TestHost.StartAsync(app);
        var incident = Samples.Incident(new Subject("Node", null, "sick"));
        var analysis = Samples.Analysis(incident.Id);
        incident.AnalysisJson = StoredJson.Write(analysis with { Diagnosis = analysis.Diagnosis with { Cause = "DiskFull for Node sick" } });
        await AddAsync(app, incident);
        await ChangeAsync(app, store =>
        {
            store.Alerts.AddRange(
                Samples.Row(Samples.Alert("01", name: "DiskFull").Received().Resolved(), incident.Id),
                Samples.Row(Samples.Alert("02", name: "ClockSkew").Received(), incident.Id));
            return Task.CompletedTask;
        });

        var page = await http.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation);

        page.ShouldNotContain("DiskFull");
        page.ShouldContain("ClockSkew");
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task List_MoreThanAPage_EveryIncidentIsOnOnePage()
    {
        await using var app = host.Build();
        using var http = await TestHost.StartAsync(app);
        for (var number = 0; number < 120; number++)
        {
            // All at one time, so that ids alone tell them apart.
            await AddAsync(app, Samples.Incident(new Subject("Node", null, $"node-{number:D3}"), resolvedAt: number % 2 == 0 ? null : Samples.Start.AddMinutes(5)));
        }

        List<string> seen = [];
        string? next = "/";
        for (var pages = 0; next is not null && pages < 5; pages++)
        {
            var page = await http.GetStringAsync(new Uri(next, UriKind.Relative), Cancellation);
            seen.AddRange(System.Text.RegularExpressions.Regex.Matches(page, "node-[0-9]{3}(?=</a>| )").Select(match => match.Value));
            next = System.Text.RegularExpressions.Regex.Match(page, "href=\"(/[?]after=[^\"]+)\"") is { Success: true } match ? match.Groups[1].Value : null;
        }

        seen.Distinct().Count().ShouldBe(120);
        seen.Count.ShouldBe(120);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Incident_HostileText_IsEncodedAndEvidenceLinked()
    {
        using var http = running.Client();
        var incident = Samples.Incident(new Subject("Alert", null, Attack));
        var context = Samples.Context(incident.Id);
        var analysis = Samples.Analysis(incident.Id);
        incident.ContextJson = StoredJson.Write(context with { Evidence = [context.Evidence[0] with { Text = Attack }], Unread = [new UnreadSource(Attack, Attack)] });
        incident.AnalysisJson = StoredJson.Write(analysis with
        {
            Commands = [Attack],
            Diagnosis = analysis.Diagnosis with { Cause = Attack, Explanation = Attack + ".", Findings = [new Finding("model", Attack, ["e1", "\"><b>"])] },
        });
        await AddAsync(running.App, incident);

        foreach (var path in new[] { "/", $"/incidents/{incident.Id}" })
        {
            var page = await http.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation);
            page.ShouldContain("&lt;script&gt;alert(1)");
            page.ShouldNotContain("<script>");
            page.ShouldNotContain("<img src=x");
            page.ShouldNotContain("<b>");
        }

        var whole = await http.GetStringAsync(new Uri($"/incidents/{incident.Id}", UriKind.Relative), Cancellation);
        whole.ShouldContain("href=\"#evidence-e1\"");
        whole.ShouldContain("id=\"evidence-e1\"");
    }

    [Fact]
    public async Task Page_AnyAnswer_HasStrictHeaders()
    {
        using var http = running.Client();

        foreach (var path in new[] { "/", "/page.js", "/page.css", "/page.svg", $"/incidents/{Guid.NewGuid()}" })
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost:8080", HttpStatusCode.OK)]
    public async Task List_WithoutToken_AnswersToLoopbackNamesOnly(string name, HttpStatusCode expected)
    {
        using var http = running.Client();
        http.DefaultRequestHeaders.Host = name;

        (await StatusAsync(http, "/")).ShouldBe(expected);
        (await StatusAsync(http, "/login")).ShouldBe(HttpStatusCode.NotFound, "there is nothing to sign in with");
    }

    [Fact]
    public async Task List_WithToken_AsksForItOrASession()
    {
        await using var app = host.Build(("Page:Token", Token));
        using var http = await TestHost.StartAsync(app);

        (await StatusAsync(http, "/")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(http, "/events")).ShouldBe(HttpStatusCode.Unauthorized);
        using var wrong = await SignInAsync(http, Token + "0");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.Headers.Contains("Set-Cookie").ShouldBeFalse();

        using var handler = new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = http.BaseAddress };
        using var right = await SignInAsync(browser, Token);
        var cookie = right.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=strict", Case.Insensitive);
        cookie.ShouldNotContain(Token);
        var session = cookie.Split(';')[0];
        (await StatusAsync(browser, "/", session)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(browser, "/", session + "x")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(browser, "/", session.Replace("=1", "=2", StringComparison.Ordinal))).ShouldBe(HttpStatusCode.Unauthorized);

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        (await StatusAsync(http, "/")).ShouldBe(HttpStatusCode.OK);
        await app.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData("127.0.0.0/8", "https", "__Host-alert-responder-session=", true)]
    [InlineData("127.0.0.0/8", "http", "alert-responder-session=", false)]
    [InlineData("10.42.0.0/16", "https", "alert-responder-session=", false)]
    [InlineData(null, "https", "alert-responder-session=", false)]
    public async Task SignIn_BehindAProxy_HasASecureCookieWhereATrustedOneSaysHttps(string? trusted, string scheme, string cookie, bool secure)
    {
        await using var app = host.Build(("Page:Token", Token), ("Http:TrustedProxies:0", trusted));
        using var _ = await TestHost.StartAsync(app);
        using var browser = Browser(_.BaseAddress!, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", scheme));

        using var right = await SignInAsync(browser, Token);

        right.StatusCode.ShouldBe(HttpStatusCode.Found);
        var set = right.Headers.GetValues("Set-Cookie").Single();
        set.ShouldStartWith(cookie);
        set.Contains("; secure", StringComparison.OrdinalIgnoreCase).ShouldBe(secure);
        set.ShouldContain("path=/", Case.Insensitive);
        set.ShouldNotContain("domain", Case.Insensitive);
        (await StatusAsync(browser, "/", set.Split(';')[0])).ShouldBe(HttpStatusCode.OK);
        if (secure)
        {
            (await StatusAsync(browser, "/", set.Split(';')[0]["__Host-".Length..])).ShouldBe(HttpStatusCode.Unauthorized, "a cookie that plain HTTP can set is none over https");
        }

        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task SignIn_CookieMadeWithTheTokenAsItsKey_IsNone()
    {
        await using var app = host.Build(("Page:Token", Token));
        using var http = await TestHost.StartAsync(app);
        var expires = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeSeconds();
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Token), Encoding.UTF8.GetBytes($"alert-responder page session {expires}"));

        (await StatusAsync(http, "/", $"alert-responder-session={expires}.{Base64Url.EncodeToString(signature)}")).ShouldBe(HttpStatusCode.Unauthorized);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task SignIn_ManyWrongTokensFromAnAddress_LooksAtNoFurtherOneOfIt()
    {
        await using var app = host.Build(("Page:Token", Token), ("Http:TrustedProxies:0", "127.0.0.1"));
        using var http = await TestHost.StartAsync(app);
        using var guesser = Browser(http.BaseAddress!, ("X-Forwarded-For", "203.0.113.9"));
        using var other = Browser(http.BaseAddress!, ("X-Forwarded-For", "203.0.113.9, 198.51.100.7"));
        using var another = Browser(http.BaseAddress!, ("X-Forwarded-For", "203.0.113.9, 198.51.100.8"));
        for (var attempt = 0; attempt < FailedTries.Most; attempt++)
        {
            if (attempt % 2 == 0)
            {
                using var wrong = await SignInAsync(guesser, $"wrong-{attempt}");
                wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            }
            else
            {
                (await StatusAsync(guesser, attempt % 4 == 1 ? "/status" : "/", bearer: $"wrong-{attempt}")).ShouldBe(HttpStatusCode.Unauthorized);
            }
        }

        using var right = await SignInAsync(guesser, Token);
        right.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        right.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        right.Headers.Contains("Set-Cookie").ShouldBeFalse();
        foreach (var path in new[] { "/", "/status" })
        {
            (await StatusAsync(guesser, path, bearer: Token)).ShouldBe(HttpStatusCode.TooManyRequests);
            (await StatusAsync(guesser, path)).ShouldBe(HttpStatusCode.Unauthorized, "who tries nothing is told what is missing");
        }

        using var elsewhere = await SignInAsync(other, Token);
        using var third = await SignInAsync(another, Token);
        new[] { elsewhere.StatusCode, third.StatusCode }.ShouldContain(HttpStatusCode.Found, "the address is what the trusted proxy says, not what the caller says before it; one may share its place");
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task SignIn_ManyWrongTokensAtOnce_LooksAtNoMoreThanOneByOne()
    {
        await using var app = host.Build(("Page:Token", Token));
        using var http = await TestHost.StartAsync(app);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async attempt =>
        {
            using var answer = await SignInAsync(http, $"wrong-{attempt}");
            return answer.StatusCode;
        }));

        answers.Count(status => status == HttpStatusCode.Unauthorized).ShouldBe(FailedTries.Most);
        answers.Count(status => status == HttpStatusCode.TooManyRequests).ShouldBe(60 - FailedTries.Most);
        await app.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.Found)]
    [InlineData("none", HttpStatusCode.Found)]
    public async Task SignIn_AskedByAnotherSitesPage_IsNoTry(string site, HttpStatusCode expected)
    {
        await using var app = host.Build(("Page:Token", Token));
        using var http = await TestHost.StartAsync(app);
        using var browser = Browser(http.BaseAddress!, ("Sec-Fetch-Site", site));

        using var right = await SignInAsync(browser, Token);

        right.StatusCode.ShouldBe(expected);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task List_PasswordOfAProxyInBetween_IsNoTry()
    {
        await using var app = host.Build(("Page:Token", Token));
        using var http = await TestHost.StartAsync(app);
        for (var attempt = 0; attempt <= FailedTries.Most; attempt++)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{attempt}")));
            (await StatusAsync(http, "/status")).ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await StatusAsync(http, "/status", bearer: Token)).ShouldBe(HttpStatusCode.OK);
        await app.StopAsync(Cancellation);
    }

    // The trusted network has callers of its own, as that of a cluster's pods has.
    [Theory]
    [InlineData("1", true)]
    [InlineData("2", false)]
    public async Task SignIn_CallerWritesAddressesBeforeItsOwn_CountsAsManyAsThereAreProxies(string proxies, bool limited)
    {
        await using var app = host.Build(("Page:Token", Token), ("Http:TrustedProxies:0", "127.0.0.0/8"), ("Http:TrustedProxyCount", proxies));
        using var http = await TestHost.StartAsync(app);
        List<HttpStatusCode> answers = [];
        for (var attempt = 0; attempt <= FailedTries.Most; attempt++)
        {
            using var browser = Browser(http.BaseAddress!, ("X-Forwarded-For", $"203.0.113.{attempt}, 127.0.0.9"));
            using var wrong = await SignInAsync(browser, $"wrong-{attempt}");
            answers.Add(wrong.StatusCode);
        }

        answers.Contains(HttpStatusCode.TooManyRequests).ShouldBe(limited);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task List_WithoutTokenThroughASocketOfThisMachine_IsForbiddenWhateverItSays()
    {
        var socket = Path.Combine(host.Folder, "http.sock");
        await using var app = host.Build(("Http:TrustedProxies:0", "10.42.0.7"), ("Kestrel:Endpoints:Socket:Url", $"http://unix:{socket}"));
        await app.StartAsync(Cancellation);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            ConnectCallback = async (_, token) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), token);
                return new NetworkStream(connection, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri("http://localhost"),
        };
        (await StatusAsync(http, "/healthz/live")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(http, "/")).ShouldBe(HttpStatusCode.Forbidden);

        http.DefaultRequestHeaders.Add("X-Forwarded-For", "127.0.0.1");

        (await StatusAsync(http, "/")).ShouldBe(HttpStatusCode.Forbidden);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task List_WithoutTokenThroughATrustedProxyOfThisMachine_IsForbiddenWhateverItSays()
    {
        await using var app = host.Build(("Http:TrustedProxies:0", "127.0.0.1"));
        using var http = await TestHost.StartAsync(app);
        using var itself = Browser(http.BaseAddress!, ("X-Forwarded-For", "127.0.0.1"));
        using var local = Browser(http.BaseAddress!, ("X-Forwarded-For", "127.0.0.2"));

        (await StatusAsync(http, "/")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(itself, "/")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(local, "/")).ShouldBe(HttpStatusCode.Forbidden, "whoever may pose as a proxy could say so");
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Events_IncidentChanges_TellsItAndEndsWithTheApplication()
    {
        await using var app = host.Build();
        using var http = await TestHost.StartAsync(app);
        var incident = Samples.Incident();
        await AddAsync(app, incident);
        await using var events = await http.GetStreamAsync(new Uri($"/incidents/{incident.Id}/events", UriKind.Relative), Cancellation);
        using var reader = new StreamReader(events);
        await NextNewsAsync(reader);

        await ChangeAsync(app, store => store.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.Version, i => i.Version + 1), Cancellation));
        await NextNewsAsync(reader);

        await app.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(15), Cancellation);
    }

    private static async Task NextNewsAsync(StreamReader reader)
    {
        string? line;
        do
        {
            line = await reader.ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(15), Cancellation);
        }
        while (line is not (null or "data: changed"));

        line.ShouldNotBeNull("the stream goes on");
    }

    private static HttpClient Browser(Uri address, params (string Name, string Value)[] headers)
    {
        var browser = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null }) { BaseAddress = address };
        foreach (var (name, value) in headers)
            browser.DefaultRequestHeaders.Add(name, value);
        return browser;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path, string? cookie = null, string? bearer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var response = await http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient http, string token)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("token", token)]);
        return await http.PostAsync(new Uri("/login", UriKind.Relative), form, Cancellation);
    }

    private static Task AddAsync(WebApplication app, Incident incident)
    {
        // Nothing that the watchdog would take up.
        incident.AnalysisJson ??= StoredJson.Write(Samples.Analysis(incident.Id));
        incident.EnrichedRevision = incident.AnalyzedRevision = incident.Revision;
        incident.DrawnVersion = incident.Version;
        return ChangeAsync(app, store => store.AddAsync(incident, Cancellation).AsTask());
    }

    private static async Task ChangeAsync(WebApplication app, Func<IncidentsContext, Task> change)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        await change(store);
        await store.SaveChangesAsync(Cancellation);
    }
}
