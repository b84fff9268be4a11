using System.Net;
using AlertResponder.Resilience;
using AlertResponder.Resilience.Failures;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Time;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Polly.Timeout;

namespace AlertResponder.Tests.Unit.Resilience;

/// <summary>What the real client makes of Bedrock's failures, sorted.</summary>
public sealed class BedrockFailuresTests : IAsyncLifetime
{
    private BedrockSimulator bedrock = null!;
    private AmazonBedrockRuntimeClient client = null!;

    public static TheoryData<string, FailureKind, int?> Answers => new()
    {
        { "throttling", FailureKind.Throttled, null },
        { "throttling with Retry-After", FailureKind.Throttled, 17 },
        { "429 of something in between", FailureKind.Throttled, 9 },
        { "429 until a time", FailureKind.Throttled, 42 },
        { "429 by another name", FailureKind.Throttled, null },
        { "model timeout", FailureKind.Transient, null },
        { "service unavailable", FailureKind.Transient, null },
        { "internal server", FailureKind.Transient, null },
        { "model error", FailureKind.Transient, null },
        { "request timeout", FailureKind.Transient, null },
        { "502 of a proxy", FailureKind.Transient, null },
        { "no JSON", FailureKind.Transient, null },
        { "half an answer", FailureKind.Transient, null },
        { "cut", FailureKind.Transient, null },
        { "lost answer", FailureKind.Transient, null },
        { "validation", FailureKind.Permanent, null },
        { "access denied", FailureKind.Permanent, null },
        { "resource not found", FailureKind.Permanent, null },
        { "expired token", FailureKind.Permanent, null },
        { "quota exceeded", FailureKind.Permanent, null },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        bedrock = await BedrockSimulator.StartAsync("AKIDEXAMPLE", "secret", "us-east-1", cancellationToken: Cancellation);
        bedrock.AnswerWith(_ => "{}");
        client = Client(bedrock.Address.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await bedrock.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Sort_AnswerOfBedrock_IsItsKind(string answer, FailureKind kind, int? retryAfterSeconds)
    {
        bedrock.Faults.Always(Planned(answer));

        var exception = (await Record.ExceptionAsync(() => client.ConverseAsync(Request(), Cancellation))).ShouldNotBeNull();

        BedrockFailures.Sort(exception).ShouldBe(new Failure(kind, retryAfterSeconds is { } s ? TimeSpan.FromSeconds(s) : null), exception.ToString());
        bedrock.Requests.Count.ShouldBe(1, "the client must not retry by itself");
    }

    [Fact]
    public async Task Sort_NobodyListens_IsTransient()
    {
        await bedrock.DisposeAsync();

        var exception = (await Record.ExceptionAsync(() => client.ConverseAsync(Request(), Cancellation))).ShouldNotBeNull();

        BedrockFailures.Sort(exception).Kind.ShouldBe(FailureKind.Transient, exception.ToString());
    }

    [Fact]
    public async Task Sort_WrongSecret_IsPermanent()
    {
        using var stranger = new AmazonBedrockRuntimeClient(new BasicAWSCredentials("AKIDEXAMPLE", "wrong"), Config(bedrock.Address.ToString()));

        var exception = (await Record.ExceptionAsync(() => stranger.ConverseAsync(Request(), Cancellation))).ShouldNotBeNull();

        BedrockFailures.Sort(exception).Kind.ShouldBe(FailureKind.Permanent, exception.ToString());
    }

    [Fact]
    public void Sort_TypedExceptions_AreTheirKinds()
    {
        (Exception Exception, FailureKind Kind)[] table =
        [
            (new ThrottlingException("slow down"), FailureKind.Throttled),
            (new ModelNotReadyException("warming up") { StatusCode = HttpStatusCode.TooManyRequests }, FailureKind.Throttled),
            (new ModelTimeoutException("late"), FailureKind.Transient),
            (new ModelErrorException("broken") { StatusCode = HttpStatusCode.FailedDependency }, FailureKind.Transient),
            (new InternalServerException("broken") { StatusCode = HttpStatusCode.InternalServerError }, FailureKind.Transient),
            (new ServiceUnavailableException("away") { StatusCode = HttpStatusCode.ServiceUnavailable }, FailureKind.Transient),
            (new ValidationException("no") { StatusCode = HttpStatusCode.BadRequest }, FailureKind.Permanent),
            (new AccessDeniedException("no") { StatusCode = HttpStatusCode.Forbidden }, FailureKind.Permanent),
            (new ResourceNotFoundException("no") { StatusCode = HttpStatusCode.NotFound }, FailureKind.Permanent),
        ];

        foreach (var (exception, kind) in table)
        {
            BedrockFailures.Sort(exception).ShouldBe(new Failure(kind), exception.GetType().Name);
        }
    }

    [Fact]
    public async Task CallAsync_ThrottlesWithoutEnd_ReachBedrockThreeTimes()
    {
        bedrock.Faults.Always(BedrockFaults.Throttling());
        var time = new WatchedTimeProvider();
        var upstream = new Upstream(UpstreamPolicies.Bedrock, time, NullLogger<Upstream>.Instance);

        (await time.OutcomeAsync(AskAsync(upstream), upTo: TimeSpan.FromSeconds(5))).ShouldBeOfType<UpstreamPausedException>();
        (await time.OutcomeAsync(AskAsync(upstream), upTo: TimeSpan.FromSeconds(5))).ShouldBeOfType<UpstreamPausedException>();
        bedrock.Requests.Count.ShouldBe(3);

        bedrock.Faults.Clear();
        time.Advance(TimeSpan.FromMinutes(5));
        (await time.OutcomeAsync(AskAsync(upstream), upTo: TimeSpan.FromSeconds(5))).ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_BedrockHangs_TimesOutAfterTheRetries()
    {
        bedrock.Faults.Always(Fault.Hang);
        var time = new WatchedTimeProvider();
        var upstream = new Upstream(UpstreamPolicies.Bedrock, time, NullLogger<Upstream>.Instance);

        (await time.OutcomeAsync(AskAsync(upstream), upTo: TimeSpan.FromSeconds(20)))
            .ShouldBeOfType<TimeoutRejectedException>().Timeout.ShouldBe(TimeSpan.FromSeconds(20));
    }

    private static Fault Planned(string answer) => answer switch
    {
        "throttling" => BedrockFaults.Throttling(),
        "throttling with Retry-After" => BedrockFaults.Throttling(TimeSpan.FromSeconds(17)),
        "429 until a time" => Fault.Status(429, headers: new Dictionary<string, string> { ["Date"] = "Sun, 22 Nov 2026 02:13:00 GMT", ["Retry-After"] = "Sun, 22 Nov 2026 02:13:42 GMT" }),
        "429 of something in between" => Fault.Status(429, "slow down", "text/plain", TimeSpan.FromSeconds(9)),
        "429 by another name" => Named(429, "TooManyRequestsException"),
        "model timeout" => BedrockFaults.ModelTimeout(),
        "service unavailable" => BedrockFaults.ServiceUnavailable(),
        "internal server" => BedrockFaults.InternalServer(),
        "model error" => Named(424, "ModelErrorException"),
        "request timeout" => Named(408, "RequestTimeoutException"),
        "502 of a proxy" => Fault.Status(502, "<html>Bad Gateway</html>", "text/html"),
        "no JSON" => Fault.Malformed,
        "half an answer" => Fault.HalfAnswer,
        "cut" => Fault.Cut,
        "lost answer" => Fault.LostAnswer,
        "validation" => BedrockFaults.Validation("The model returned the following errors: ..."),
        "access denied" => BedrockFaults.AccessDenied(),
        "resource not found" => Named(404, "ResourceNotFoundException"),
        "expired token" => Named(403, "ExpiredTokenException"),
        "quota exceeded" => Named(400, "ServiceQuotaExceededException"),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "Not in the table."),
    };

    private static Fault Named(int status, string exception) => Fault.Status(
        status, """{"message":"..."}""", headers: new Dictionary<string, string>(StringComparer.Ordinal) { ["x-amzn-ErrorType"] = exception });

    private static AmazonBedrockRuntimeClient Client(string address) => new(new BasicAWSCredentials("AKIDEXAMPLE", "secret"), Config(address));

    // AWSSDK.Core sends a request again, ten times at once, when its connection was cut, unless it is told not to.
    private static AmazonBedrockRuntimeConfig Config(string address) => new()
    {
        ServiceURL = address,
        AuthenticationRegion = "us-east-1",
        MaxErrorRetry = 0,
        MaxStaleConnectionRetries = 0,
    };

    private static ConverseRequest Request() => new()
    {
        ModelId = BedrockSimulator.NovaMicro,
        Messages = [new Message { Role = ConversationRole.User, Content = [new ContentBlock { Text = "Why?" }] }],
    };

    private Task<ConverseResponse> AskAsync(Upstream upstream) => upstream.CallAsync(token => client.ConverseAsync(Request(), token), Cancellation);
}
