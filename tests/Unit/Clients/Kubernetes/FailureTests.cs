using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>What a caller sees when the API server does not simply answer.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task Read_TooManyRequests_TellsRetryAfter()
    {
        await using var server = await ApiServer.StartAsync(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "7";
            await context.Response.WriteAsync(
                """{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"TooManyRequests","code":429,"details":{"retryAfterSeconds":7}}""",
                context.RequestAborted);
        });

        var failure = await Should.ThrowAsync<HttpOperationException>(() => ReadNodeAsync(server.Url));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        failure.Response.Headers["Retry-After"].ShouldBe(["7"]);
        KubernetesJson.Deserialize<V1Status>(failure.Response.Content).Details.RetryAfterSeconds.ShouldBe(7);
    }

    [Theory]
    [InlineData(null, "The disruption budget web needs 2 healthy pods and has 2 currently")]
    [InlineData("10", "The disruption budget web is still being processed by the server.")]
    public async Task CreateNamespacedPodEviction_BlockedByABudget_NamesIt(string? retryAfter, string cause)
    {
        await using var server = await ApiServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = retryAfter;
            return context.Response.WriteAsync(
                $$"""
                {
                  "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "TooManyRequests", "code": 429,
                  "message": "Cannot evict pod as it would violate the pod's disruption budget.",
                  "details": {"causes": [{"reason": "DisruptionBudget", "message": "{{cause}}"}]}
                }
                """,
                context.RequestAborted);
        });
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        var failure = await Should.ThrowAsync<HttpOperationException>(() => client.CoreV1.CreateNamespacedPodEvictionAsync(
            new V1Eviction { Metadata = new V1ObjectMeta { Name = "web-0" } }, "web-0", "shop", cancellationToken: TestContext.Current.CancellationToken));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (failure.Response.Headers.TryGetValue("Retry-After", out var values) ? values.Single() : null).ShouldBe(retryAfter);
        var said = KubernetesJson.Deserialize<V1Status>(failure.Response.Content).Details.Causes.ShouldHaveSingleItem();
        (said.Reason, said.Message).ShouldBe(("DisruptionBudget", cause));
    }

    [Fact]
    public async Task ListPodForAllNamespaces_ContinueExpired_IsGoneWithANewContinuation()
    {
        await using var server = await ApiServer.StartAsync(
            StatusCodes.Status410Gone,
            """
            {
              "kind": "Status", "apiVersion": "v1", "metadata": {"continue": "eyJ2", "resourceVersion": "7"}, "status": "Failure",
              "message": "The provided continue parameter is too old to display a consistent list result.", "reason": "Expired", "code": 410
            }
            """);
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        var failure = await Should.ThrowAsync<HttpOperationException>(() => client.CoreV1.ListPodForAllNamespacesAsync(
            continueParameter: "eyJh", limit: 1, cancellationToken: TestContext.Current.CancellationToken));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.Gone);
        var status = KubernetesJson.Deserialize<V1Status>(failure.Response.Content);
        (status.Reason, status.Metadata.ContinueProperty).ShouldBe(("Expired", "eyJ2"));
    }

    [Theory]
    [InlineData(401, "Unauthorized")]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "NotFound")]
    [InlineData(409, "Conflict")]
    [InlineData(410, "Expired")]
    [InlineData(415, "UnsupportedMediaType")]
    [InlineData(422, "Invalid")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(504, "Timeout")]
    public async Task Patch_Refused_SaysWhatWasSentAndWhy(int code, string reason)
    {
        await using var server = await ApiServer.StartAsync(
            code, $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"no","reason":"{{reason}}","details":{},"code":{{code}}}""");
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        var failure = await Should.ThrowAsync<HttpOperationException>(() => client.CoreV1.PatchNodeAsync(
            new V1Patch("""{"spec":{"unschedulable":true}}""", V1Patch.PatchType.MergePatch), "a", cancellationToken: TestContext.Current.CancellationToken));

        failure.Response.StatusCode.ShouldBe((HttpStatusCode)code);
        (failure.Request.Method, failure.Request.Content).ShouldBe((HttpMethod.Patch, """{"spec":{"unschedulable":true}}"""));
        var status = KubernetesJson.Deserialize<V1Status>(failure.Response.Content);
        (status.HasObject, status.Status, status.Reason, status.Code, status.Message).ShouldBe((false, "Failure", reason, code, "no"));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Patch_UnsupportedMediaTypeAsRecorded_IsReadable()
    {
        var recorded = RecordedAnswer.Read("35-unsupported-media-type");
        await using var server = await ApiServer.StartAsync(recorded.StatusCode, recorded.Response.Body);
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        var failure = await Should.ThrowAsync<HttpOperationException>(() => client.AppsV1.PatchNamespacedDeploymentAsync(
            new V1Patch("{}", V1Patch.PatchType.MergePatch), "trade-bot", "trade-bot", cancellationToken: TestContext.Current.CancellationToken));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        KubernetesJson.Deserialize<V1Status>(failure.Response.Content).Reason.ShouldBe("UnsupportedMediaType");
    }

    [Theory]
    [InlineData("<h1>Welcome</h1>")]
    [InlineData("{\"kind\":\"Node\",")]
    [InlineData("[]")]
    public async Task Patch_GarbageAnswer_IsAJsonException(string body)
    {
        await using var server = await ApiServer.StartAsync(StatusCodes.Status200OK, body);
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        await Should.ThrowAsync<JsonException>(() => client.CoreV1.PatchNodeAsync(
            new V1Patch("{}", V1Patch.PatchType.MergePatch), "a", cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Read_ProxyErrorPage_KeepsThePage()
    {
        await using var server = await ApiServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<h1>Bad Gateway</h1>", context.RequestAborted);
        });

        var failure = await Should.ThrowAsync<HttpOperationException>(() => ReadNodeAsync(server.Url));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        failure.Response.Content.ShouldBe("<h1>Bad Gateway</h1>");
        failure.Response.Headers["Content-Type"].ShouldBe(["text/html"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<h1>Welcome</h1>")]
    [InlineData("{\"kind\":\"Node\",")]
    [InlineData("[]")]
    public async Task Read_GarbageAnswer_IsAJsonException(string body)
    {
        await using var server = await ApiServer.StartAsync(context => context.Response.WriteAsync(body, context.RequestAborted));

        await Should.ThrowAsync<JsonException>(() => ReadNodeAsync(server.Url));
    }

    [Fact]
    public async Task Read_AnswerCut_IsAnIOException()
    {
        await using var server = new CuttingServer("200 OK");

        await Should.ThrowAsync<IOException>(() => ReadNodeAsync(server.Url));
    }

    [Fact]
    public async Task Read_ErrorCut_IsAnHttpRequestException()
    {
        await using var server = new CuttingServer("500 Internal Server Error");

        await Should.ThrowAsync<HttpRequestException>(() => ReadNodeAsync(server.Url));
    }

    [Fact]
    public async Task Read_NobodyListens_IsAnHttpRequestException()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = $"http://{taken.LocalEndPoint}" });

        var failure = await Should.ThrowAsync<HttpRequestException>(
            () => client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken));

        failure.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
    }

    [Fact]
    public async Task Read_ServerThatNeverAnswers_EndsAtTheTimeout()
    {
        await using var server = await ApiServer.StartAsync(NeverAsync);
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration
        {
            Host = server.Url.ToString(),
            HttpClientTimeout = TimeSpan.FromMilliseconds(100),
        });

        await Should.ThrowAsync<OperationCanceledException>(
            () => client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken));
        TestContext.Current.CancellationToken.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Read_Cancelled_EndsAtOnce()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = await ApiServer.StartAsync(context =>
        {
            cancel.Cancel();
            return NeverAsync(context);
        });
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });
        var clock = Stopwatch.StartNew();

        await Should.ThrowAsync<OperationCanceledException>(() => client.CoreV1.ReadNodeAsync("a", cancellationToken: cancel.Token));

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task ReadNamespacedPodLog_EndlessLog_CanBeLeftInTheMiddle()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ApiServer.StartAsync(async context =>
        {
            await using var leave = context.RequestAborted.Register(left.SetResult);
            var line = new string('x', 1023) + "\n";
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync(line, context.RequestAborted);
        });
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });
        var buffer = new byte[64 * 1024];

        await using (var log = await client.CoreV1.ReadNamespacedPodLogAsync("a", "ns", cancellationToken: TestContext.Current.CancellationToken))
            await log.ReadExactlyAsync(buffer, TestContext.Current.CancellationToken);

        buffer.Count(b => b == '\n').ShouldBe(64);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ReadNamespacedPodLog_HugeLog_ComesNoFasterThanItIsRead()
    {
        const int chunk = 64 * 1024;
        const long size = 200L * 1024 * 1024;
        long sent = 0;
        await using var server = await ApiServer.StartAsync(async context =>
        {
            var line = new byte[chunk];
            Array.Fill(line, (byte)'x');
            while (Interlocked.Add(ref sent, chunk) <= size)
                await context.Response.Body.WriteAsync(line, context.RequestAborted);
        });
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });
        var (buffer, received, ahead) = (new byte[chunk], 0L, 0L);

        await using var log = await client.CoreV1.ReadNamespacedPodLogAsync("a", "ns", cancellationToken: TestContext.Current.CancellationToken);
        while (await log.ReadAsync(buffer, TestContext.Current.CancellationToken) is var count and > 0)
        {
            received += count;
            ahead = Math.Max(ahead, Interlocked.Read(ref sent) - received);
        }

        received.ShouldBe(size);
        ahead.ShouldBeLessThan(size / 8);
    }

    [Fact]
    public async Task ReadNamespacedPodLog_SlowLog_OutlivesTheTimeoutOfTheCall()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ApiServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("first ", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await goOn.Task;
            await context.Response.WriteAsync("last", context.RequestAborted);
        });
        var timeout = TimeSpan.FromSeconds(1);
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString(), HttpClientTimeout = timeout });

        await using var log = await client.CoreV1.ReadNamespacedPodLogAsync("a", "ns", cancellationToken: TestContext.Current.CancellationToken);
        await Task.Delay(timeout + TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        goOn.SetResult();

        using var reader = new StreamReader(log);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("first last");
    }

    [Fact]
    public async Task ReadNamespacedPodLog_LogCut_IsAnIOException()
    {
        await using var server = new CuttingServer("200 OK");
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url.ToString() });

        await using var log = await client.CoreV1.ReadNamespacedPodLogAsync("a", "ns", cancellationToken: TestContext.Current.CancellationToken);

        await Should.ThrowAsync<IOException>(() => log.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
    }

    private static async Task<V1Node> ReadNodeAsync(Uri server)
    {
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.ToString() });
        return await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task NeverAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var leave = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
