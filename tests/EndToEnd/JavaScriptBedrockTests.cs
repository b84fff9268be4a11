using System.Text.Json.Nodes;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.EndToEnd.JavaScript;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>
/// Amazon's own JavaScript client as the judge: of the simulator, which must be Bedrock to it, and of the C# client, whose request
/// must be the same as its.
/// </summary>
public sealed class JavaScriptBedrockTests(NodeProgram node)
{
    private const string AccessKey = "AKIAJAVASCRIPT";
    private const string SecretKey = "secret+of/the=test";
    private const string SessionToken = "session+of/the=test";
    private const string Region = "eu-central-1";

    private const string Question =
        """{"modelId": "amazon.nova-micro-v1:0", "messages": [{"role": "user", "content": [{"text": "Why?"}]}]}""";

    // What two clients may send differently for the same operation.
    private static readonly string[] OfTheClient =
    [
        // What they tell of themselves. Only the .NET SDKs name the API's version.
        "amz-sdk-invocation-id", "amz-sdk-request", "user-agent", "x-amz-user-agent", "x-amz-api-version",
        // The connection's.
        "accept", "connection", "content-length", "host",
        // Of this time and this order of the body's members; what the simulator verifies.
        "authorization", "x-amz-content-sha256", "x-amz-date",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Each error of the operation: how to have it, and what the client must make of it.</summary>
    public static TheoryData<string, int, string> Errors => new()
    {
        { "AccessDeniedException", 403, "client" },
        { "InternalServerException", 500, "server" },
        { "ModelErrorException", 424, "client" },
        { "ModelNotReadyException", 429, "client" },
        { "ModelTimeoutException", 408, "client" },
        { "ResourceNotFoundException", 404, "client" },
        { "ServiceUnavailableException", 503, "server" },
        { "ThrottlingException", 429, "client" },
        { "ValidationException", 400, "client" },
    };

    [Fact]
    public async Task Simulator_Answers_ClientReadsAllOfIt()
    {
        await using var bedrock = await StartAsync();
        bedrock.Enqueue("{\"cause\": \"Heap größer als 256Mi – 🚨\"}", "max_tokens");

        var printed = await ConverseAsync(bedrock, Question);

        bedrock.AssertNoUnexpectedCalls();
        printed["status"]!.GetValue<int>().ShouldBe(200);
        Guid.TryParse(printed["requestId"]!.GetValue<string>(), out _).ShouldBeTrue();
        var answer = printed["answer"].ShouldBeOfType<JsonObject>();
        answer["metrics"]!["latencyMs"]!.GetValue<long>().ShouldBePositive();
        answer.Remove("metrics");
        ShouldBeJson(
            answer,
            """
            {
              "output": { "message": { "role": "assistant", "content": [ { "text": "{\"cause\": \"Heap größer als 256Mi – 🚨\"}" } ] } },
              "stopReason": "max_tokens",
              "usage": { "inputTokens": 1, "outputTokens": 10, "totalTokens": 11 }
            }
            """);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Simulator_Fails_ClientKnowsTheErrorByItsName(string name, int status, string fault)
    {
        await using var bedrock = await StartAsync();
        bedrock.Faults.Next(1, FaultNamed(name));

        var error = (await ConverseAsync(bedrock, Question))["error"].ShouldBeOfType<JsonObject>();

        (error["name"]!.GetValue<string>(), error["status"]!.GetValue<int>(), error["fault"]!.GetValue<string>()).ShouldBe((name, status, fault));
        error["message"]!.GetValue<string>().ShouldNotBeNullOrWhiteSpace();
        if (name == "ModelErrorException")
        {
            error["originalStatusCode"]!.GetValue<int>().ShouldBe(500);
            error["resourceName"]!.GetValue<string>().ShouldBe(BedrockSimulator.NovaMicro);
        }

        if (name == "ThrottlingException")
            error["retryAfter"]!.GetValue<string>().ShouldBe("7");
    }

    [Theory]
    [InlineData(nameof(Fault.Hang), "ETIMEDOUT")]
    [InlineData(nameof(Fault.Cut), "ECONNRESET")]
    [InlineData(nameof(Fault.HalfAnswer), "ECONNRESET")]
    [InlineData(nameof(Fault.Malformed), "SyntaxError")]
    public async Task Simulator_IsNotHeard_ClientFails(string fault, string expected)
    {
        await using var bedrock = await StartAsync();
        bedrock.AnswerWith(_ => "half of this");
        bedrock.Faults.Next(1, (Fault)typeof(Fault).GetProperty(fault)!.GetValue(null)!);

        var error = (await ConverseAsync(bedrock, Question))["error"]!;
        (error["code"] ?? error["name"])!.GetValue<string>().ShouldBe(expected);
        bedrock.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Simulator_RefusesARequest_ClientReadsWhy()
    {
        await using var bedrock = await StartAsync();

        var printed = await ConverseAsync(bedrock, Question.Replace("nova-micro", "nova-giga", StringComparison.Ordinal));

        (printed["error"]!["name"]!.GetValue<string>(), printed["error"]!["message"]!.GetValue<string>())
            .ShouldBe(("ValidationException", "The provided model identifier is invalid."));
    }

    [Fact]
    public async Task Simulator_KnowsAnotherSecret_RefusesTheClientsSignature()
    {
        await using var bedrock = await BedrockSimulator.StartAsync(AccessKey, "another", Region, SessionToken, cancellationToken: Cancel);
        bedrock.AnswerWith(_ => "never");

        (await ConverseAsync(bedrock, Question))["error"]!["name"]!.GetValue<string>().ShouldBe("InvalidSignatureException");
    }

    [Theory]
    [InlineData("amazon.nova-micro-v1:0")]
    [InlineData("arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-micro-v1:0")]
    public async Task Request_OfTheCSharpClient_IsThatOfTheJavaScriptClient(string modelId)
    {
        await using var bedrock = await StartAsync();
        bedrock.AnswerWith(_ => "yes");
        var request = Everything(modelId);

        (await ConverseAsync(bedrock, AsJson(request).ToJsonString()))["error"].ShouldBeNull();
        using (var client = CSharpClient(bedrock))
            await client.ConverseAsync(request, Cancel);

        // Both are signed so that the simulator, which computes the signature itself, accepts them.
        bedrock.AssertNoUnexpectedCalls();
        var (theirs, ours) = bedrock.Requests.ToArray() is [var first, var second] ? (first, second) : throw new ShouldAssertException("two calls");
        ours.Method.ShouldBe(theirs.Method);
        ours.Target.ShouldBe(theirs.Target);
        ours.Target.ShouldBe($"/model/{Uri.EscapeDataString(modelId)}/converse");
        ShouldBeJson(JsonNode.Parse(ours.Body), theirs.Body);
        Operation(ours).ShouldBe(Operation(theirs), ignoreOrder: true);

        // A client signs what it sends in OfTheClient, too, so the two lists of signed headers differ in that.
        foreach (var call in (RecordedRequest[])[theirs, ours])
        {
            SignedHeaders(call).ShouldBeSubsetOf(call.Headers.Keys.Select(name => name.ToLowerInvariant()));
            new[] { "content-type", "host", "x-amz-date", "x-amz-security-token" }.ShouldBeSubsetOf(SignedHeaders(call));
            Credential(call).ShouldBe($"{AccessKey}/{call.Headers["x-amz-date"][..8]}/{Region}/bedrock/aws4_request");
        }
    }

    private static Task<BedrockSimulator> StartAsync() =>
        BedrockSimulator.StartAsync(AccessKey, SecretKey, Region, SessionToken, cancellationToken: Cancel);

    private static AmazonBedrockRuntimeClient CSharpClient(BedrockSimulator bedrock) => new(
        new SessionAWSCredentials(AccessKey, SecretKey, SessionToken),
        new AmazonBedrockRuntimeConfig { ServiceURL = bedrock.Address.ToString(), AuthenticationRegion = Region, MaxErrorRetry = 0 });

    private static Fault FaultNamed(string name) => name switch
    {
        "AccessDeniedException" => BedrockFaults.AccessDenied(),
        "InternalServerException" => BedrockFaults.InternalServer(),
        "ModelErrorException" => BedrockFaults.ModelError(),
        "ModelNotReadyException" => BedrockFaults.ModelNotReady(),
        "ModelTimeoutException" => BedrockFaults.ModelTimeout(),
        "ResourceNotFoundException" => BedrockFaults.ResourceNotFound(),
        "ServiceUnavailableException" => BedrockFaults.ServiceUnavailable(),
        "ThrottlingException" => BedrockFaults.Throttling(TimeSpan.FromSeconds(7)),
        "ValidationException" => BedrockFaults.Validation("no such thing"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not an error of Converse."),
    };

    private static ConverseRequest Everything(string modelId) => new()
    {
        ModelId = modelId,
        System = [new SystemContentBlock { Text = "You read alerts.\n\"Ünï\" 🚨 <b> & 'quotes' + \u2028" }],
        Messages =
        [
            new Message { Role = ConversationRole.User, Content = [new ContentBlock { Text = "größer als 256Mi?" }, new ContentBlock { Text = "二" }] },
            new Message { Role = ConversationRole.Assistant, Content = [new ContentBlock { Text = "{" }] },
            new Message { Role = ConversationRole.User, Content = [new ContentBlock { Text = "\tgo on\\" }] },
        ],
        InferenceConfig = new InferenceConfiguration { MaxTokens = 600, Temperature = 0.2f },
    };

    /// <summary>The same input for the JavaScript client: its members have the API's own names, in camel case.</summary>
    private static JsonObject AsJson(ConverseRequest request) => new()
    {
        ["modelId"] = request.ModelId,
        ["system"] = new JsonArray([.. request.System.Select(block => new JsonObject { ["text"] = block.Text })]),
        ["messages"] = new JsonArray(
        [
            .. request.Messages.Select(message => new JsonObject
            {
                ["role"] = message.Role.Value,
                ["content"] = new JsonArray([.. message.Content.Select(block => new JsonObject { ["text"] = block.Text })]),
            }),
        ]),
        ["inferenceConfig"] = new JsonObject
        {
            ["maxTokens"] = request.InferenceConfig.MaxTokens,
            ["temperature"] = 0.2,
        },
    };

    private static IEnumerable<string> Operation(RecordedRequest call) => call.Headers
        .Where(header => !OfTheClient.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
        .Select(header => $"{header.Key.ToLowerInvariant()}: {header.Value}");

    private static string[] SignedHeaders(RecordedRequest call) => AuthorizationPart(call, "SignedHeaders").Split(';');

    private static string Credential(RecordedRequest call) => AuthorizationPart(call, "Credential");

    private static string AuthorizationPart(RecordedRequest call, string name) => call.Headers["authorization"]
        .Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
        .Single(part => part.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    private static void ShouldBeJson(JsonNode? actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue($"{actual?.ToJsonString()}\nis not\n{expected}");

    private async Task<JsonNode> ConverseAsync(BedrockSimulator bedrock, string request)
    {
        var printed = await node.RunAsync(
            "converse.js",
            environment:
            [
                new("AWS_ACCESS_KEY_ID", AccessKey),
                new("AWS_SECRET_ACCESS_KEY", SecretKey),
                new("AWS_SESSION_TOKEN", SessionToken),
                new("AWS_REGION", Region),
                new("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.Address.ToString()),
            ],
            input: request,
            cancellationToken: Cancel);
        return JsonNode.Parse(printed)!;
    }
}
