using System.Net;
using System.Text;
using AlertResponder.Simulators.Slack;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Tests.Unit.Simulators;

/// <summary>What all simulators share, shown with Slack, whose posts have an effect that can be seen.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private SlackSimulator _slack = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _slack = await SlackSimulator.StartAsync("xoxb-1", cancellationToken: Cancellation);
        _client.BaseAddress = _slack.ApiUrl;
        _client.DefaultRequestHeaders.Authorization = new("Bearer", "xoxb-1");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _slack.DisposeAsync();
    }

    [Fact]
    public async Task Next_CountedFault_AffectsThatManyCallsOnly()
    {
        _slack.Faults.Next(2, Fault.Status(500, "oops", "text/plain", headers: new Dictionary<string, string> { ["X-Cause"] = "test" }));

        var answers = new[] { await TestAsync(), await TestAsync(), await TestAsync() };

        answers.Select(answer => (int)answer.StatusCode).ShouldBe([500, 500, 200]);
        (await answers[0].Content.ReadAsStringAsync(Cancellation)).ShouldBe("oops");
        answers[0].Headers.GetValues("X-Cause").ShouldBe(["test"]);
    }

    [Fact]
    public async Task Next_Predicate_SparesOtherCalls()
    {
        _slack.Faults.Next(1, Fault.Status(503), request => request.Path.EndsWith("chat.postMessage", StringComparison.Ordinal));

        (await TestAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PostAsync("hello")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await PostAsync("hello")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Always_Fault_LastsUntilDisposed()
    {
        using (_slack.Faults.Always(Fault.Status(429, "{}", retryAfter: TimeSpan.FromSeconds(1.2))))
        {
            for (var call = 0; call < 3; call++)
            {
                var answer = await TestAsync();
                answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
                answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
            }
        }

        (await TestAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Clear_PlannedFaults_AreForgotten()
    {
        _slack.Faults.Next(5, Fault.Cut);
        _slack.Faults.Always(Fault.Hang);

        _slack.Faults.Clear();

        (await TestAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Hang_CallerGivesUp_CallEnds()
    {
        _slack.Faults.Next(1, Fault.Hang);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMilliseconds(50));

        await Should.ThrowAsync<OperationCanceledException>(_client.GetAsync("auth.test", patience.Token));

        (await TestAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Hang_SimulatorDisposed_CallEndsAtOnce()
    {
        _slack.Faults.Always(Fault.Hang);
        var call = TestAsync();
        await Until(() => _slack.Requests.Count == 1);

        await _slack.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), Cancellation);

        await Should.ThrowAsync<HttpRequestException>(call);
    }

    [Fact]
    public async Task Cut_Post_HasNoEffect()
    {
        _slack.Faults.Next(1, Fault.Cut, request => request.Method == "POST");

        await Should.ThrowAsync<HttpRequestException>(PostAsync("hello"));

        _slack.Messages.ShouldBeEmpty();
        _slack.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task LostAnswer_Post_HasItsEffect()
    {
        _slack.Faults.Next(1, Fault.LostAnswer);

        await Should.ThrowAsync<HttpRequestException>(PostAsync("hello"));

        _slack.Messages.ShouldHaveSingleItem().Text.ShouldBe("hello");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Cut_ReusedConnection_IsNotSilentlyRetriedByHttpClient(string method)
    {
        await TestAsync();
        _slack.Faults.Next(1, Fault.Cut);
        using var request = new HttpRequestMessage(new HttpMethod(method), "auth.test");

        await Should.ThrowAsync<HttpRequestException>(_client.SendAsync(request, Cancellation));

        _slack.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task HalfAnswer_Call_BreaksWithinTheBody()
    {
        _slack.Faults.Next(1, Fault.HalfAnswer);

        using var answer = await _client.GetAsync("auth.test", HttpCompletionOption.ResponseHeadersRead, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Malformed_Call_IsNotJson()
    {
        _slack.Faults.Next(1, Fault.Malformed);

        var answer = await TestAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Should.Throw<System.Text.Json.JsonException>(() => System.Text.Json.JsonDocument.Parse(answer.Content.ReadAsStringAsync(Cancellation).Result));
    }

    [Fact]
    public async Task Requests_AfterCalls_HoldThemAsSent()
    {
        var time = new SettableTime();
        await using var slack = await SlackSimulator.StartAsync("xoxb-1", time: time, cancellationToken: Cancellation);
        using var body = new StringContent("a=b%20c", Encoding.UTF8, "application/x-www-form-urlencoded");

        await _client.PostAsync(new Uri(slack.ApiUrl, "chat.postMessage?x=%C3%A4&y=1"), body, Cancellation);

        var request = slack.Requests.ShouldHaveSingleItem();
        request.Method.ShouldBe("POST");
        request.Target.ShouldBe("/api/chat.postMessage?x=%C3%A4&y=1");
        request.Path.ShouldBe("/api/chat.postMessage");
        request.Query.ShouldBe(new Dictionary<string, string> { ["x"] = "ä", ["y"] = "1" }, ignoreOrder: true);
        request.Headers["content-type"].ShouldBe("application/x-www-form-urlencoded; charset=utf-8");
        request.Body.ShouldBe("a=b%20c");
        request.Time.ShouldBe(time.Now);
    }

    [Fact]
    public async Task AssertNoUnexpectedCalls_UnknownMethod_ThrowsWithTheList()
    {
        await TestAsync();
        _slack.AssertNoUnexpectedCalls();

        await _client.GetAsync("chat.shout", Cancellation);

        var exception = Should.Throw<UnexpectedCallsException>(_slack.AssertNoUnexpectedCalls);
        exception.Message.ShouldBe("SlackSimulator had 1 unexpected calls:\n  GET /api/chat.shout: unknown_method");
        exception.Calls.ShouldHaveSingleItem().Request.Path.ShouldBe("/api/chat.shout");
    }

    [Fact]
    public async Task StartAsync_ChosenEndpoint_ListensThere()
    {
        var port = _slack.Address.Port;
        await _slack.DisposeAsync();

        await using var again = await SlackSimulator.StartAsync("xoxb-1", listenOn: new IPEndPoint(IPAddress.Any, port), cancellationToken: Cancellation);

        again.Address.ShouldBe(new Uri($"http://127.0.0.1:{port}/"));
        (await TestAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(5));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
    }

    private Task<HttpResponseMessage> TestAsync() => _client.GetAsync("auth.test", Cancellation);

    private async Task<HttpResponseMessage> PostAsync(string text)
    {
        using var form = new FormUrlEncodedContent([new("channel", SlackSimulator.AlertsChannel), new("text", text)]);
        return await _client.PostAsync("chat.postMessage", form, Cancellation);
    }
}
