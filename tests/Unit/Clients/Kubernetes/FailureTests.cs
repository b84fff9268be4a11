using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AlertResponder.Connections.Kubernetes;
using AlertResponder.Resilience;
using AlertResponder.Resilience.Failures;
using Microsoft.AspNetCore.Http;
using k8s;
using k8s.Autorest;
using k8s.Models;

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
        using var client = BuiltClient.At(server.Url);

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
        using var client = BuiltClient.At(server.Url);

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
        using var client = BuiltClient.At(server.Url);

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
        using var client = BuiltClient.At(server.Url);

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
        using var client = BuiltClient.At(server.Url);

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
    public async Task Read_ErrorCut_IsStillThatError()
    {
        await using var server = new CuttingServer("500 Internal Server Error");

        var failure = await Should.ThrowAsync<HttpOperationException>(() => ReadNodeAsync(server.Url));

        (failure.Response.StatusCode, failure.Response.Content).ShouldBe((HttpStatusCode.InternalServerError, "{\"kind\":\"Node\","));
    }

    [Fact]
    public async Task Read_EndlessError_IsCut()
    {
        await using var server = await ApiServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return FloodAsync(context);
        });

        var failure = await Should.ThrowAsync<HttpOperationException>(() => ReadNodeAsync(server.Url));

        failure.Response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        failure.Response.Content.Length.ShouldBe(BoundedErrors.MostBytes);
    }

    [Fact]
    public async Task Read_EndlessAnswer_IsRefused()
    {
        await using var server = await ApiServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("""{"kind":"Node","metadata":{"name":"a"},"more":[1""", context.RequestAborted);
            await FloodAsync(context, ",1");
        });

        (await Should.ThrowAsync<InvalidDataException>(() => ReadNodeAsync(server.Url))).Message.ShouldContain("64 MiB");
    }

    [Fact]
    public async Task ReadNamespacedPodLog_EndlessLine_IsRefused()
    {
        await using var server = await ApiServer.StartAsync(context => FloodAsync(context));
        using var client = BuiltClient.At(server.Url);

        await using var log = await client.CoreV1.ReadNamespacedPodLogAsync("a", "ns", limitBytes: 1, tailLines: 20, cancellationToken: TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<InvalidDataException>(() => log.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken))).Message.ShouldContain("8 MiB");
    }

    [Theory]
    [InlineData("200 OK")]
    [InlineData("500 Internal Server Error")]
    public async Task Read_BodyThatNeverComes_EndsWithTheCaller(string status)
    {
        await using var server = await ApiServer.StartAsync(async context =>
        {
            context.Response.StatusCode = int.Parse(status.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            await context.Response.WriteAsync("""{"kind":"Node",""", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await NeverAsync(context);
        });
        using var client = BuiltClient.At(server.Url);
        client.HttpClientTimeout = TimeSpan.FromMilliseconds(300);

        var failure = await Record.ExceptionAsync(() => client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

        failure.ShouldBeAssignableTo<OperationCanceledException>();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Read_Redirect_IsNotFollowed(int status)
    {
        await using var elsewhere = await ApiServer.StartAsync(200, ApiServer.Anything);
        await using var server = await ApiServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Url + "api/v1/nodes/a";
            return Task.CompletedTask;
        });

        var failure = await Should.ThrowAsync<HttpOperationException>(() => ReadNodeAsync(server.Url));

        ((int)failure.Response.StatusCode).ShouldBe(status);
        KubernetesFailures.Sort(failure).Kind.ShouldBe(FailureKind.Permanent);
        elsewhere.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"metadata":{"name":"a","creationTimestamp":"yesterday"}}""")]
    [InlineData("""{"metadata":{"name":"a","creationTimestamp":7}}""")]
    [InlineData("""{"metadata":{"name":7}}""")]
    [InlineData("""{"metadata":{"name":"a"},"status":{"capacity":{"memory":"much"}}}""")]
    [InlineData("""{"metadata":{"name":"a"},"status":{"capacity":{"memory":[]}}}""")]
    [InlineData("""{"metadata":{"name":"a"},"status":{"conditions":[{"status":"True"}]}}""")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"taints":[{"key":"x"}]}}""")]
    public async Task Read_AnswerThatIsNoNode_IsAJsonExceptionAndTransient(string body)
    {
        await using var server = await ApiServer.StartAsync(200, body);

        var failure = await Should.ThrowAsync<JsonException>(() => ReadNodeAsync(server.Url));

        KubernetesFailures.Sort(failure).Kind.ShouldBe(FailureKind.Transient);
    }

    [Theory]
    [InlineData("""{"kind":"PodList"}""")]
    [InlineData("""{"kind":"PodList","items":[{"kind":"Pod"}]}""")]
    [InlineData("""{"kind":"PodList","items":[{"metadata":{},"spec":{}}]}""")]
    [InlineData("""{"kind":"PodList","items":[{"metadata":{},"status":{"containerStatuses":[{"name":"web"}]}}]}""")]
    public async Task List_AnswerThatIsNoList_IsAJsonException(string body)
    {
        await using var server = await ApiServer.StartAsync(200, body);
        using var client = BuiltClient.At(server.Url);

        await Should.ThrowAsync<JsonException>(() => client.CoreV1.ListNamespacedPodAsync("ns", limit: 9, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Read_UnknownWordsAndFields_AreTakenAsTheyAre()
    {
        await using var server = await ApiServer.StartAsync(
            200, """{"metadata":{"name":"a","new":{}},"spec":{"containers":[{"name":"c","imagePullPolicy":"Perhaps"}]},"status":{"phase":"Dreaming","qosClass":"x"}}""");
        using var client = BuiltClient.At(server.Url);

        (await client.CoreV1.ReadNamespacedPodAsync("a", "ns", cancellationToken: TestContext.Current.CancellationToken)).Status.Phase.ShouldBe("Dreaming");
    }

    [Fact]
    public async Task Read_QuantityOutOfThisWorld_IsTheLargestThereIs()
    {
        await using var server = await ApiServer.StartAsync(
            200, """{"metadata":{"name":"a"},"status":{"capacity":{"memory":"1e2000000000","cpu":1e999999999,"pods":110,"x":"-1500m"}}}""");

        var capacity = (await ReadNodeAsync(server.Url)).Status.Capacity;

        (capacity["memory"].ToDecimal(), capacity["cpu"].ToDecimal()).ShouldBe((long.MaxValue, long.MaxValue));
        (capacity["pods"].ToInt32(), capacity["x"].ToDecimal()).ShouldBe((110, -1.5m));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"details":7}""")]
    [InlineData("""{"details":{"causes":[null]}}""")]
    public async Task Read_TooManyRequestsWithoutAStatus_IsThrottling(string body)
    {
        await using var server = await ApiServer.StartAsync(429, body);

        KubernetesFailures.Sort(await Should.ThrowAsync<HttpOperationException>(() => ReadNodeAsync(server.Url))).Kind.ShouldBe(FailureKind.Throttled);
    }

    [Fact]
    public async Task Read_NobodyListens_IsAnHttpRequestException()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = BuiltClient.At(new Uri($"http://{taken.LocalEndPoint}"));

        var failure = await Should.ThrowAsync<HttpRequestException>(
            () => client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken));

        failure.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
    }

    [Fact]
    public async Task Read_ServerThatNeverAnswers_EndsAtTheTimeout()
    {
        await using var server = await ApiServer.StartAsync(NeverAsync);
        using var client = BuiltClient.At(server.Url);
        client.HttpClientTimeout = TimeSpan.FromMilliseconds(100);

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
        using var client = BuiltClient.At(server.Url);
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
        using var client = BuiltClient.At(server.Url);
        var buffer = new byte[64 * 1024];

        await using (var log = await client.CoreV1.ReadNamespacedPodLogAsync("a", "ns", tailLines: 20, cancellationToken: TestContext.Current.CancellationToken))
            await log.ReadExactlyAsync(buffer, TestContext.Current.CancellationToken);

        buffer.Count(b => b == '\n').ShouldBe(64);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
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
        using var client = BuiltClient.At(server.Url);
        client.HttpClientTimeout = timeout;

        await using var log = await client.CoreV1.ReadNamespacedPodLogAsync("a", "ns", tailLines: 20, cancellationToken: TestContext.Current.CancellationToken);
        await Task.Delay(timeout + TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        goOn.SetResult();

        using var reader = new StreamReader(log);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("first last");
    }

    [Fact]
    public async Task ReadNamespacedPodLog_LogCut_IsAnIOException()
    {
        await using var server = new CuttingServer("200 OK");
        using var client = BuiltClient.At(server.Url);

        await using var log = await client.CoreV1.ReadNamespacedPodLogAsync("a", "ns", tailLines: 20, cancellationToken: TestContext.Current.CancellationToken);

        await Should.ThrowAsync<IOException>(() => log.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
    }

    private static async Task<V1Node> ReadNodeAsync(Uri server)
    {
        using var client = BuiltClient.At(server);
        return await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task FloodAsync(HttpContext context, string text = "x")
    {
        var chunk = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, 32 * 1024)));
        while (!context.RequestAborted.IsCancellationRequested)
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
    }

    private static async Task NeverAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var leave = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
