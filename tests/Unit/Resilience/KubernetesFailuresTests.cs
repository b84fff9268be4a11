using AlertResponder.Connections.Kubernetes;
using AlertResponder.Resilience;
using AlertResponder.Resilience.Failures;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Polly.Timeout;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AlertResponder.Tests.Unit.Resilience;

/// <summary>What the real client makes of an API server's failures, sorted.</summary>
public sealed class KubernetesFailuresTests : IAsyncLifetime
{
    private ClusterSimulator cluster = null!;
    private IKubernetes client = null!;

    public static TheoryData<string, FailureKind, int?> Answers => new()
    {
        { "too many requests", FailureKind.Throttled, 3 },
        { "429 of something in between", FailureKind.Throttled, null },
        { "internal error", FailureKind.Transient, null },
        { "unavailable", FailureKind.Transient, null },
        { "unavailable with Retry-After", FailureKind.Transient, 11 },
        { "unavailable until a time", FailureKind.Transient, 42 },
        { "gateway timeout", FailureKind.Transient, null },
        { "request timeout", FailureKind.Transient, null },
        { "no JSON", FailureKind.Transient, null },
        { "half an answer", FailureKind.Transient, null },
        { "cut", FailureKind.Transient, null },
        { "lost answer", FailureKind.Transient, null },
        { "forbidden", FailureKind.Permanent, null },
        { "unauthorized", FailureKind.Permanent, null },
        { "bad request", FailureKind.Permanent, null },
        { "conflict", FailureKind.Permanent, null },
        { "gone", FailureKind.Permanent, null },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster = await ClusterSimulator.StartAsync("", token: "let-me-in", cancellationToken: Cancellation);
        client = new GuardedKubernetes(new KubernetesClientConfiguration { Host = cluster.Address.ToString(), AccessToken = "let-me-in" });
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await cluster.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Sort_AnswerOfTheApiServer_IsItsKind(string answer, FailureKind kind, int? retryAfterSeconds)
    {
        cluster.Faults.Always(Planned(answer));

        var exception = (await Record.ExceptionAsync(() => ReadAsync(Cancellation))).ShouldNotBeNull();

        KubernetesFailures.Sort(exception).ShouldBe(new Failure(kind, retryAfterSeconds is { } s ? TimeSpan.FromSeconds(s) : null), exception.ToString());
    }

    [Fact]
    public async Task Sort_NotFound_IsPermanent()
    {
        var exception = (await Record.ExceptionAsync(() => client.CoreV1.ReadNamespacedPodAsync("gone", "default", cancellationToken: Cancellation))).ShouldNotBeNull();

        KubernetesFailures.Sort(exception).Kind.ShouldBe(FailureKind.Permanent);
    }

    [Fact]
    public async Task Sort_EvictionAgainstTheDisruptionBudget_IsARefusalAndNoThrottling()
    {
        cluster.Apply("{apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: default, labels: {app: web}}, spec: {containers: [{name: web, image: web}]}, status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}}");
        cluster.Apply("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: default}, spec: {maxUnavailable: 0, selector: {matchLabels: {app: web}}}}");
        var eviction = new V1Eviction { Metadata = new V1ObjectMeta { Name = "web-0", NamespaceProperty = "default" } };

        var exception = (await Record.ExceptionAsync(
            () => client.CoreV1.CreateNamespacedPodEvictionAsync(eviction, "web-0", "default", cancellationToken: Cancellation))).ShouldBeOfType<HttpOperationException>();

        exception.Response.StatusCode.ShouldBe(System.Net.HttpStatusCode.TooManyRequests);
        KubernetesFailures.Sort(exception).Kind.ShouldBe(FailureKind.Permanent);
    }

    [Fact]
    public async Task Sort_NobodyListens_IsTransient()
    {
        await cluster.DisposeAsync();

        var exception = (await Record.ExceptionAsync(() => ReadAsync(Cancellation))).ShouldNotBeNull();

        KubernetesFailures.Sort(exception).Kind.ShouldBe(FailureKind.Transient);
    }

    [Fact]
    public async Task CallAsync_ThrottlesWithoutEnd_ReachTheApiServerThreeTimes()
    {
        cluster.Faults.Always(ClusterFaults.TooManyRequests(TimeSpan.FromSeconds(1)));
        var time = new WatchedTimeProvider();
        var upstream = new Upstream(UpstreamPolicies.Kubernetes, time, NullLogger<Upstream>.Instance);

        (await time.OutcomeAsync(upstream.CallAsync(ReadAsync, Cancellation), upTo: TimeSpan.FromSeconds(2))).ShouldBeOfType<UpstreamPausedException>();
        (await time.OutcomeAsync(upstream.CallAsync(ReadAsync, Cancellation), upTo: TimeSpan.FromSeconds(2))).ShouldBeOfType<UpstreamPausedException>();
        cluster.Requests.Count.ShouldBe(3);

        cluster.Faults.Clear();
        time.Advance(TimeSpan.FromMinutes(5));
        (await time.OutcomeAsync(upstream.CallAsync(ReadAsync, Cancellation), upTo: TimeSpan.FromSeconds(2))).ShouldBeNull();
    }

    [Fact]
    public async Task CallAsync_ApiServerHangs_TimesOutAfterTheRetries()
    {
        cluster.Faults.Always(Fault.Hang);
        var time = new WatchedTimeProvider();
        var upstream = new Upstream(UpstreamPolicies.Kubernetes, time, NullLogger<Upstream>.Instance);

        (await time.OutcomeAsync(upstream.CallAsync(ReadAsync, Cancellation), upTo: TimeSpan.FromSeconds(5)))
            .ShouldBeOfType<TimeoutRejectedException>().Timeout.ShouldBe(TimeSpan.FromSeconds(5));
    }

    private static Fault Planned(string answer) => answer switch
    {
        "too many requests" => ClusterFaults.TooManyRequests(TimeSpan.FromSeconds(3)),
        "429 of something in between" => Fault.Status(429, "slow down", "text/plain"),
        "internal error" => ClusterFaults.InternalError(),
        "unavailable" => ClusterFaults.Unavailable(),
        "unavailable until a time" => Fault.Status(503, headers: new Dictionary<string, string> { ["Date"] = "Sun, 22 Nov 2026 02:13:00 GMT", ["Retry-After"] = "Sun, 22 Nov 2026 02:13:42 GMT" }),
        "unavailable with Retry-After" => Fault.Status(503, retryAfter: TimeSpan.FromSeconds(11)),
        "gateway timeout" => Fault.Status(504),
        "request timeout" => Fault.Status(408),
        "no JSON" => Fault.Malformed,
        "half an answer" => Fault.HalfAnswer,
        "cut" => Fault.Cut,
        "lost answer" => Fault.LostAnswer,
        "forbidden" => Fault.Status(403),
        "unauthorized" => Fault.Status(401),
        "bad request" => Fault.Status(400),
        "conflict" => Fault.Status(409),
        "gone" => ClusterFaults.ContinueExpired(),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "Not in the table."),
    };

    private Task<V1Namespace> ReadAsync(CancellationToken cancellationToken) => client.CoreV1.ReadNamespaceAsync("default", cancellationToken: cancellationToken);
}
