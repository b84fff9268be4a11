using System.Net;
using System.Text.Json.Nodes;
using Amazon;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;

namespace AlertResponder.Tests.Unit.Clients.Bedrock;

public sealed class ConverseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConverseAsync_AnyRequest_PostsToTheModelsPathWithAValidSignature()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        using var client = BedrockCalls.Client(server);

        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        var request = server.OnlyRequest;
        request.Method.ShouldBe("POST");
        request.Target.ShouldBe("/model/amazon.nova-micro-v1%3A0/converse");
        request.Headers["content-type"].ShouldBe("application/json");
        request.IsSignedBy(BedrockCalls.AccessKey, BedrockCalls.SecretKey, BedrockCalls.Region).ShouldBeTrue();
        request.IsSignedBy(BedrockCalls.AccessKey, "another key", BedrockCalls.Region).ShouldBeFalse();
        (request with { Body = [.. request.Body, (byte)' '] })
            .IsSignedBy(BedrockCalls.AccessKey, BedrockCalls.SecretKey, BedrockCalls.Region).ShouldBeFalse();
    }

    [Fact]
    public async Task ConverseAsync_ModelIsAnArn_KeepsItInOnePathSegment()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        using var client = BedrockCalls.Client(server);
        var request = BedrockCalls.Request();
        request.ModelId = "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-micro-v1:0";

        await client.ConverseAsync(request, Cancellation);

        server.OnlyRequest.Target.ShouldBe(
            "/model/arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Ainference-profile%2Feu.amazon.nova-micro-v1%3A0/converse");
        server.OnlyRequest.IsSignedBy(BedrockCalls.AccessKey, BedrockCalls.SecretKey, BedrockCalls.Region).ShouldBeTrue();
    }

    [Fact]
    public async Task ConverseAsync_EverythingSet_SendsItInTheApisNames()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        using var client = BedrockCalls.Client(server);

        await client.ConverseAsync(
            new ConverseRequest
            {
                ModelId = BedrockCalls.ModelId,
                System = [new SystemContentBlock { Text = "You read alerts.\n\"Ünï\" 🚨 <b>" }],
                Messages =
                [
                    new Message { Role = ConversationRole.User, Content = [new ContentBlock { Text = "one" }, new ContentBlock { Text = "two" }] },
                    new Message { Role = ConversationRole.Assistant, Content = [new ContentBlock { Text = "{" }] },
                ],
                InferenceConfig = new InferenceConfiguration { MaxTokens = 800, Temperature = 0.1f },
            },
            Cancellation);

        ShouldBeJson(
            server.OnlyRequest.Text,
            """
            {
              "system": [ { "text": "You read alerts.\n\"Ünï\" 🚨 <b>" } ],
              "messages": [
                { "role": "user", "content": [ { "text": "one" }, { "text": "two" } ] },
                { "role": "assistant", "content": [ { "text": "{" } ] }
              ],
              "inferenceConfig": { "maxTokens": 800, "temperature": 0.1 }
            }
            """);
    }

    [Fact]
    public async Task ConverseAsync_OnlyMessagesSet_SendsNothingElse()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        using var client = BedrockCalls.Client(server);

        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        ShouldBeJson(server.OnlyRequest.Text, """{ "messages": [ { "role": "user", "content": [ { "text": "Why?" } ] } ] }""");
    }

    [Fact]
    public async Task ConverseAsync_InferenceConfigPartlySet_LeavesTheRestToTheModel()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        using var client = BedrockCalls.Client(server);
        var request = BedrockCalls.Request();
        request.Messages = null;
        request.InferenceConfig = new InferenceConfiguration { Temperature = 0 };

        await client.ConverseAsync(request, Cancellation);

        ShouldBeJson(server.OnlyRequest.Text, """{ "inferenceConfig": { "temperature": 0 } }""");
    }

    [Fact]
    public async Task ConverseAsync_NoModelId_ThrowsWithoutSending()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        using var client = BedrockCalls.Client(server);

        await Should.ThrowAsync<AmazonBedrockRuntimeException>(() => client.ConverseAsync(new ConverseRequest(), Cancellation));

        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task ConverseAsync_Answer_IsParsed()
    {
        await using var server = await LoopbackServer.AnswerAsync(
            new WireAnswer(200, BedrockCalls.Answer, "application/json", ("x-amzn-RequestId", "req-1")));
        using var client = BedrockCalls.Client(server);

        var response = await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        response.Output.Message.Role.ShouldBe(ConversationRole.Assistant);
        response.Output.Message.Content.ShouldHaveSingleItem().Text.ShouldBe("""{"cause": "OOM – größer"}""");
        response.StopReason.ShouldBe(StopReason.End_turn);
        (response.Usage.InputTokens, response.Usage.OutputTokens).ShouldBe((30, 12));
        response.HttpStatusCode.ShouldBe(HttpStatusCode.OK);
        response.ResponseMetadata.RequestId.ShouldBe("req-1");
    }

    [Fact]
    public async Task ConverseAsync_AnswerWithUnknownMembers_PassesOverThem()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200,
            """
            {
              "additionalModelResponseFields": { "text": "no", "usage": { "inputTokens": 1 } },
              "output": { "message": { "role": "assistant", "content": [
                { "reasoningContent": { "reasoningText": { "text": "hm" } } }, { "toolUse": { "name": "t", "input": { "text": [ 1 ] } } }, { "text": "yes" } ] } },
              "performanceConfig": { "latency": "standard" },
              "stopReason": "some_day",
              "trace": { "output": { "message": null } },
              "usage": { "cacheReadInputTokens": 7, "inputTokens": 2, "outputTokens": null, "cacheDetails": [ { "inputTokens": 9 } ] }
            }
            """));
        using var client = BedrockCalls.Client(server);

        var response = await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        response.Output.Message.Content.Select(block => block.Text).ShouldBe([null, null, "yes"]);
        response.StopReason.Value.ShouldBe("some_day");
        response.Usage.InputTokens.ShouldBe(2);
        response.Usage.OutputTokens.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "output": null, "usage": null }""")]
    public async Task ConverseAsync_AnswerWithoutOutput_LeavesItNull(string body)
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, body));
        using var client = BedrockCalls.Client(server);

        var response = await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        response.Output.ShouldBeNull();
        response.Usage.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ "output": { "message": { "content": [ { "te""")]
    [InlineData("""{ "usage": { "inputTokens": "many" } }""")]
    [InlineData("<html>Sign in to the hotel's network</html>")]
    public async Task ConverseAsync_MalformedAnswer_ThrowsThatItCannotBeRead(string body)
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, body));
        using var client = BedrockCalls.Client(server);

        var error = await Should.ThrowAsync<AmazonUnmarshallingException>(() => client.ConverseAsync(BedrockCalls.Request(), Cancellation));

        error.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ConverseAsync_Cancelled_StopsWaiting()
    {
        var arrived = new TaskCompletionSource();
        await using var server = await LoopbackServer.AnswerAsync(async (_, aborted) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, aborted);
            return new WireAnswer(200, BedrockCalls.Answer);
        });
        using var client = BedrockCalls.Client(server);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = client.ConverseAsync(BedrockCalls.Request(), cancellation.Token);
        await arrived.Task.WaitAsync(Cancellation);
        await cancellation.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(call)).CancellationToken.ShouldBe(cancellation.Token);
    }

    [Fact]
    public async Task ConverseAsync_LongerThanTheConfiguredTimeout_ThrowsTimeoutException()
    {
        await using var server = await LoopbackServer.AnswerAsync(async (_, aborted) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, aborted);
            return new WireAnswer(200, BedrockCalls.Answer);
        });
        using var client = new AmazonBedrockRuntimeClient(
            new BasicAWSCredentials(BedrockCalls.AccessKey, BedrockCalls.SecretKey),
            new AmazonBedrockRuntimeConfig
            {
                ServiceURL = server.Url, AuthenticationRegion = BedrockCalls.Region, MaxErrorRetry = 0, Timeout = TimeSpan.FromMilliseconds(200),
            });

        await Should.ThrowAsync<TimeoutException>(() => client.ConverseAsync(BedrockCalls.Request(), Cancellation));
    }

    [Fact]
    public async Task ConverseAsync_NobodyListens_ThrowsTheTransportsException()
    {
        var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        using var client = BedrockCalls.Client(server);
        await server.DisposeAsync();

        await Should.ThrowAsync<HttpRequestException>(() => client.ConverseAsync(BedrockCalls.Request(), Cancellation));
    }

    [Fact]
    public async Task ConverseAsync_SessionCredentials_SendsAndSignsTheToken()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        using var client = BedrockCalls.Client(server, new SessionAWSCredentials(BedrockCalls.AccessKey, BedrockCalls.SecretKey, "session"));

        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        var request = server.OnlyRequest;
        request.Headers["x-amz-security-token"].ShouldBe("session");
        request.Headers["authorization"].ShouldContain("x-amz-security-token");
        request.IsSignedBy(BedrockCalls.AccessKey, BedrockCalls.SecretKey, BedrockCalls.Region).ShouldBeTrue();
    }

    [Fact]
    public async Task ConverseAsync_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        await using var server = await LoopbackServer.AnswerAsync((request, _) =>
        {
            var question = JsonNode.Parse(request.Text)!["messages"]![0]!["content"]![0]!["text"]!.GetValue<string>();
            return Task.FromResult(new WireAnswer(200, BedrockCalls.Answer.Replace("end_turn", question, StringComparison.Ordinal)));
        });
        using var client = BedrockCalls.Client(server);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
        {
            var request = BedrockCalls.Request();
            request.Messages[0].Content[0].Text = $"q{n}";
            return client.ConverseAsync(request, Cancellation);
        }));

        answers.Select(answer => answer.StopReason.Value).ShouldBe(Enumerable.Range(0, 20).Select(n => $"q{n}"));
    }

    private static void ShouldBeJson(string actual, string expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(actual), JsonNode.Parse(expected)).ShouldBeTrue(actual);
}
