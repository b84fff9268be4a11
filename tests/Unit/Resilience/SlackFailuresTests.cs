using AlertResponder.Resilience;
using AlertResponder.Resilience.Failures;
using AlertResponder.Simulators.Slack;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Clients.Slack;
using AlertResponder.Tests.Unit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Polly.Timeout;
using SlackNet;
using SlackNet.WebApi;

namespace AlertResponder.Tests.Unit.Resilience;

/// <summary>What the real client makes of Slack's failures, sorted.</summary>
public sealed class SlackFailuresTests : IAsyncLifetime
{
    private SlackSimulator slack = null!;
    private SlackApiClient client = null!;

    public static TheoryData<string, FailureKind, int?> Answers => new()
    {
        { "rate limited", FailureKind.Throttled, 30 },
        { "429 without Retry-After", FailureKind.Throttled, null },
        { "ok: false, ratelimited", FailureKind.Throttled, null },
        { "ok: false, rate_limited", FailureKind.Throttled, null },
        { "ok: false, internal_error", FailureKind.Transient, null },
        { "ok: false, fatal_error", FailureKind.Transient, null },
        { "ok: false, service_unavailable", FailureKind.Transient, null },
        { "ok: false, request_timeout", FailureKind.Transient, null },
        { "500", FailureKind.Transient, null },
        { "503", FailureKind.Transient, null },
        { "408", FailureKind.Transient, null },
        { "no JSON", FailureKind.Transient, null },
        { "half an answer", FailureKind.Transient, null },
        { "cut", FailureKind.Transient, null },
        { "lost answer", FailureKind.Transient, null },
        { "ok: false, channel_not_found", FailureKind.Permanent, null },
        { "ok: false, invalid_auth", FailureKind.Permanent, null },
        { "ok: false, token_revoked", FailureKind.Permanent, null },
        { "ok: false, invalid_blocks", FailureKind.Permanent, null },
        { "ok: false, is_archived", FailureKind.Permanent, null },
        { "404", FailureKind.Permanent, null },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        slack = await SlackSimulator.StartAsync(SlackCalls.Token, cancellationToken: Cancellation);
        client = new SlackApiClient(
            Default.Http(), new UrlsAt(slack.Address.ToString().TrimEnd('/'), Default.UrlBuilder()), Default.JsonSettings(), SlackCalls.Token)
        {
            DisableRetryOnRateLimit = true,
        };
    }

    public ValueTask DisposeAsync() => slack.DisposeAsync();

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Sort_AnswerOfSlack_IsItsKind(string answer, FailureKind kind, int? retryAfterSeconds)
    {
        slack.Faults.Always(Planned(answer));

        var exception = (await Record.ExceptionAsync(() => PostAsync(Cancellation))).ShouldNotBeNull();

        SlackFailures.Sort(exception).ShouldBe(new Failure(kind, retryAfterSeconds is { } s ? TimeSpan.FromSeconds(s) : null), exception.ToString());
        slack.Requests.Count.ShouldBe(1, "the client must not retry by itself");
    }

    [Fact]
    public async Task Sort_NobodyListens_IsTransient()
    {
        await slack.DisposeAsync();

        var exception = (await Record.ExceptionAsync(() => PostAsync(Cancellation))).ShouldNotBeNull();

        SlackFailures.Sort(exception).Kind.ShouldBe(FailureKind.Transient);
    }

    [Fact]
    public async Task CallAsync_OneRateLimit_HoldsAllCallsForExactlyItsRetryAfter()
    {
        slack.Faults.Next(1, SlackFaults.RateLimited(TimeSpan.FromSeconds(30)));
        var time = new WatchedTimeProvider();
        var upstream = new Upstream(UpstreamPolicies.Slack, time, NullLogger<Upstream>.Instance);
        var start = time.GetUtcNow();

        var first = upstream.CallAsync(PostAsync, Cancellation);
        await Eventually.TrueAsync(() => time.Waits is [{ TotalSeconds: 30 }], "the retry waits for 30 s");
        upstream.PausedUntil.ShouldBe(start.AddSeconds(30));
        await Should.ThrowAsync<UpstreamPausedException>(upstream.CallAsync(PostAsync, Cancellation));
        slack.Requests.Count.ShouldBe(1);

        time.Advance(TimeSpan.FromSeconds(30));
        await first;
        slack.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task CallAsync_RateLimitsWithoutEnd_ReachSlackThreeTimes()
    {
        slack.Faults.Always(SlackFaults.RateLimited(TimeSpan.FromSeconds(1)));
        var time = new WatchedTimeProvider();
        var upstream = new Upstream(UpstreamPolicies.Slack, time, NullLogger<Upstream>.Instance);

        (await time.OutcomeAsync(upstream.CallAsync(PostAsync, Cancellation), upTo: TimeSpan.FromSeconds(1))).ShouldBeOfType<UpstreamPausedException>();
        (await time.OutcomeAsync(upstream.CallAsync(PostAsync, Cancellation), upTo: TimeSpan.FromSeconds(1))).ShouldBeOfType<UpstreamPausedException>();

        slack.Requests.Count.ShouldBe(3);
        upstream.PausedUntil.ShouldBe(time.GetUtcNow().AddMinutes(5));
    }

    [Fact]
    public async Task CallAsync_SlackHangs_TimesOutAfterTheRetries()
    {
        slack.Faults.Always(Fault.Hang);
        var time = new WatchedTimeProvider();
        var upstream = new Upstream(UpstreamPolicies.Slack, time, NullLogger<Upstream>.Instance);

        (await time.OutcomeAsync(upstream.CallAsync(PostAsync, Cancellation), upTo: TimeSpan.FromSeconds(10)))
            .ShouldBeOfType<TimeoutRejectedException>().Timeout.ShouldBe(TimeSpan.FromSeconds(10));
    }

    private static Fault Planned(string answer) => answer switch
    {
        "rate limited" => SlackFaults.RateLimited(TimeSpan.FromSeconds(30)),
        "429 without Retry-After" => Fault.Status(429, """{"ok":false,"error":"ratelimited"}"""),
        "no JSON" => Fault.Malformed,
        "half an answer" => Fault.HalfAnswer,
        "cut" => Fault.Cut,
        "lost answer" => Fault.LostAnswer,
        _ when answer.StartsWith("ok: false, ", StringComparison.Ordinal) => SlackFaults.Error(answer["ok: false, ".Length..]),
        _ => Fault.Status(int.Parse(answer, System.Globalization.CultureInfo.InvariantCulture)),
    };

    private Task<PostMessageResponse> PostAsync(CancellationToken cancellationToken) =>
        client.Chat.PostMessage(new SlackNet.WebApi.Message { Channel = SlackSimulator.AlertsChannel, Text = "hello" }, cancellationToken);
}
