using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Traffic;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;

namespace AlertResponder.Tests.Unit.Simulators;

public sealed class BedrockSimulatorTests : IAsyncLifetime
{
    private const string Hello = """{"messages":[{"role":"user","content":[{"text":"Hello there."}]}]}""";

    private readonly SettableTime _time = new();
    private readonly HttpClient _client = new();
    private BedrockSimulator _bedrock = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _bedrock = await BedrockSimulator.StartAsync("AKIDEXAMPLE", "wJalrXUtnFEMI", "us-east-1", time: _time, cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _bedrock.DisposeAsync();
    }

    [Fact]
    public void Sign_ExampleOfAws_HasItsSignature()
    {
        // "get-vanilla" of AWS's published Signature Version 4 test suite.
        var request = new RecordedRequest(
            "GET",
            "/",
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Host"] = "example.amazonaws.com", ["X-Amz-Date"] = "20150830T123600Z" },
            default,
            default);
        var signature = new SignatureVersion4("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null, "us-east-1", "service");

        signature.Sign(request, "20150830", ["host", "x-amz-date"]).ShouldBe("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    [Fact]
    public async Task Converse_SignedByTheSdk_IsAnswered()
    {
        _bedrock.Enqueue("General Kenobi!");

        var answer = await SendAsync(Hello);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Guid.TryParse(answer.Headers.GetValues("x-amzn-RequestId").Single(), out _).ShouldBeTrue();
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        body.GetProperty("output").GetRawText().ShouldBe("""{"message":{"content":[{"text":"General Kenobi!"}],"role":"assistant"}}""");
        body.GetProperty("stopReason").GetString().ShouldBe("end_turn");
        body.GetProperty("usage").GetRawText().ShouldBe("""{"inputTokens":3,"outputTokens":4,"totalTokens":7}""");
        body.GetProperty("metrics").GetProperty("latencyMs").GetInt64().ShouldBeGreaterThan(0);
        _bedrock.Requests.Single().Target.ShouldBe("/model/amazon.nova-micro-v1%3A0/converse");
        _bedrock.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("us.amazon.nova-micro-v1:0")]
    [InlineData("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0")]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-micro-v1:0")]
    public async Task Converse_InferenceProfile_IsAnswered(string model)
    {
        _bedrock.Enqueue("yes");

        (await SendAsync(Hello, model: model)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Converse_QueueAndScript_AnswerInTurn()
    {
        _bedrock.Enqueue("first", "max_tokens");
        _bedrock.AnswerWith(request => $"{request.GetProperty("messages")[0].GetProperty("content")[0].GetProperty("text").GetString()} to you");
        _bedrock.StopReason = "content_filtered";

        (await TextAsync(await SendAsync(Hello))).ShouldBe(("first", "max_tokens"));
        (await TextAsync(await SendAsync(Hello))).ShouldBe(("Hello there. to you", "content_filtered"));
    }

    [Fact]
    public async Task Converse_NoScript_IsUnexpectedAndInventsNothing()
    {
        var answer = await SendAsync(Hello);

        await ShouldBeAsync(answer, 400, "ValidationException", "The simulator has no answer for this request.");
        _bedrock.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Converse_ScriptThrows_IsUnexpectedWithItsMessage()
    {
        _bedrock.AnswerWith(_ => throw new InvalidOperationException("no such alert"));

        (await SendAsync(Hello)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        Should.Throw<UnexpectedCallsException>(_bedrock.AssertNoUnexpectedCalls).Message.ShouldContain("no such alert");
    }

    [Theory]
    [InlineData("{}", "1 validation error detected: Value null at 'messages' failed to satisfy constraint: Member must not be null")]
    [InlineData("""{"messages":[]}""", "A conversation must start with a user message. Try again with a conversation that starts with a user message.")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"text":"a"}]}]}""", "A conversation must start with a user message. Try again with a conversation that starts with a user message.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"a"}]},{"role":"user","content":[{"text":"a"}]}]}""", "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"a"}]},{"role":"model","content":[{"text":"a"}]}]}""", "Value at 'messages.1.member.role' failed to satisfy constraint: Member must satisfy enum value set: [user, assistant]")]
    [InlineData("""{"messages":[{"role":"user","content":[]}]}""", "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field and try again.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":" "}]}]}""", "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"a"}]}],"system":[{"text":""}]}""", "The text field in the ContentBlock object at system.0 is blank. Add text to the text field, and try again.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"a"}]}],"inferenceConfig":{"maxTokens":0}}""", "Value at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"a"}]}],"inferenceConfig":{"temperature":1.5}}""", "Value at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value between 0 and 1")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"a"}]}],"inferenceConfig":{"topP":-1}}""", "Value at 'inferenceConfig.topP' failed to satisfy constraint: Member must have value between 0 and 1")]
    public async Task Converse_AgainstTheRules_IsInvalid(string body, string message)
    {
        _bedrock.AnswerWith(_ => "never");

        await ShouldBeAsync(await SendAsync(body), 400, "ValidationException", message);
        _bedrock.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Converse_UnknownModel_IsInvalid() =>
        await ShouldBeAsync(await SendAsync(Hello, model: "amazon.nova-giga-v1:0"), 400, "ValidationException", "The provided model identifier is invalid.");

    [Fact]
    public async Task Converse_NotJson_IsRefused() =>
        await ShouldBeAsync(await SendAsync("{"), 400, "SerializationException", "The request body is not JSON.");

    [Theory]
    [InlineData("/model/amazon.nova-micro-v1%3A0/invoke", "POST", 404)]
    [InlineData("/model//converse", "POST", 404)]
    [InlineData("/model/amazon.nova-micro-v1%3A0/converse", "GET", 405)]
    public async Task Call_OtherOperation_IsUnexpected(string path, string method, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_bedrock.Address, path));

        await ShouldBeAsync(await _client.SendAsync(request, Cancellation), status, "UnknownOperationException", "");
        _bedrock.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Converse_Unsigned_MissesAuthentication() =>
        await RefusedAsync("MissingAuthenticationTokenException", "Missing Authentication Token", request => request.Headers.Remove("Authorization"));

    [Fact]
    public async Task Converse_OtherScheme_IsIncomplete() =>
        await RefusedAsync("IncompleteSignatureException", "Authorization header requires", request => Authorize(request, _ => "Bearer abc"));

    [Fact]
    public async Task Converse_UnknownAccessKey_IsUnrecognized() =>
        await RefusedAsync("UnrecognizedClientException", "The security token included in the request is invalid.", accessKey: "AKIDOTHER");

    [Fact]
    public async Task Converse_WrongSecret_IsInvalid() => await RefusedAsync("InvalidSignatureException", "The request signature we calculated", secretKey: "other");

    [Fact]
    public async Task Converse_OtherRegion_IsInvalid() =>
        await RefusedAsync("InvalidSignatureException", "Credential should be scoped to a valid region.", region: "eu-west-1");

    [Fact]
    public async Task Converse_OtherService_IsInvalid() =>
        await RefusedAsync("InvalidSignatureException", "Credential should be scoped to correct service: 'bedrock'.", service: "bedrock-runtime");

    [Fact]
    public async Task Converse_ChangedBody_IsInvalid() =>
        await RefusedAsync("InvalidSignatureException", "The request signature we calculated", request => request.Content = JsonContent.Create(new { messages = 1 }));

    [Fact]
    public async Task Converse_ChangedPath_IsInvalid() =>
        await RefusedAsync(
            "InvalidSignatureException",
            "The request signature we calculated",
            request => request.RequestUri = new Uri(_bedrock.Address, "/model/us.amazon.nova-micro-v1%3A0/converse"));

    [Fact]
    public async Task Converse_UnsignedAmzHeader_IsInvalid() =>
        await RefusedAsync("InvalidSignatureException", "There were headers present in the request which were not signed: x-amz-more", request => request.Headers.Add("x-amz-more", "1"));

    [Fact]
    public async Task Converse_HostNotSigned_IsInvalid() =>
        await RefusedAsync(
            "InvalidSignatureException",
            "'Host' or ':authority' must be a 'SignedHeader'",
            request => Authorize(request, value => value.Replace(";host", "", StringComparison.Ordinal)));

    [Theory]
    [InlineData(-301, "Signature expired: 20261122T080615Z is now earlier than 20261122T080616Z (20261122T081116Z - 5 min.)")]
    [InlineData(301, "Signature not yet current: 20261122T081617Z is still later than 20261122T081616Z (20261122T081116Z + 5 min.)")]
    public async Task Converse_ClockAskew_IsInvalid(int seconds, string message)
    {
        _bedrock.AnswerWith(_ => "never");
        using var request = AwsSigner.Converse(_bedrock.Address, Hello, _time.Now.AddSeconds(seconds));

        await ShouldBeAsync(await _client.SendAsync(request, Cancellation), 403, "InvalidSignatureException", message);
    }

    [Theory]
    [InlineData(-300)]
    [InlineData(300)]
    public async Task Converse_ClockSlightlyAskew_IsAnswered(int seconds)
    {
        _bedrock.Enqueue("yes");
        using var request = AwsSigner.Converse(_bedrock.Address, Hello, _time.Now.AddSeconds(seconds));

        (await _client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("session", HttpStatusCode.OK)]
    [InlineData("other", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Forbidden)]
    public async Task Converse_TemporaryKey_NeedsItsSessionToken(string? sent, HttpStatusCode expected)
    {
        await using var bedrock = await BedrockSimulator.StartAsync("AKIDEXAMPLE", "wJalrXUtnFEMI", "us-east-1", "session", _time, cancellationToken: Cancellation);
        bedrock.AnswerWith(_ => "yes");
        using var request = AwsSigner.Converse(bedrock.Address, Hello, _time.Now, sessionToken: sent);

        (await _client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Faults_OfBedrock_AreAwsErrors()
    {
        (Fault Fault, int Status, string Exception)[] faults =
        [
            (BedrockFaults.Throttling(), 429, "ThrottlingException"),
            (BedrockFaults.ModelTimeout(), 408, "ModelTimeoutException"),
            (BedrockFaults.ServiceUnavailable(), 503, "ServiceUnavailableException"),
            (BedrockFaults.InternalServer(), 500, "InternalServerException"),
            (BedrockFaults.Validation("wrong"), 400, "ValidationException"),
            (BedrockFaults.AccessDenied(), 403, "AccessDeniedException"),
            (BedrockFaults.ResourceNotFound(), 404, "ResourceNotFoundException"),
            (BedrockFaults.ModelError(), 424, "ModelErrorException"),
            (BedrockFaults.ModelNotReady(), 429, "ModelNotReadyException"),
        ];
        foreach (var (fault, status, exception) in faults)
        {
            _bedrock.Faults.Next(1, fault);
            var answer = await SendAsync(Hello);
            await ShouldBeAsync(answer, status, exception);
            answer.Headers.Contains("Retry-After").ShouldBeFalse();
        }

        _bedrock.Faults.Next(1, BedrockFaults.Throttling(TimeSpan.FromSeconds(9)));
        (await SendAsync(Hello)).Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(9));
        _bedrock.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData(nameof(Fault.Cut), typeof(IOException))]
    [InlineData(nameof(Fault.LostAnswer), typeof(IOException))]
    [InlineData(nameof(Fault.HalfAnswer), typeof(AmazonUnmarshallingException))]
    [InlineData(nameof(Fault.Malformed), typeof(AmazonUnmarshallingException))]
    [InlineData(nameof(Fault.Hang), typeof(TimeoutException))]
    public async Task Faults_OfAnyService_ReachTheCallerOfTheSdk(string fault, Type expected)
    {
        await using var bedrock = await BedrockSimulator.StartAsync("AKIDEXAMPLE", "wJalrXUtnFEMI", "us-east-1", cancellationToken: Cancellation);
        bedrock.AnswerWith(_ => "not heard");
        using var outage = bedrock.Faults.Always((Fault)typeof(Fault).GetProperty(fault)!.GetValue(null)!);
        using var client = new AmazonBedrockRuntimeClient(new BasicAWSCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI"), new AmazonBedrockRuntimeConfig
        {
            ServiceURL = bedrock.Address.ToString(),
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
            // The SDK counts calls whose connection broke apart from its other retries, and repeats them at once.
            MaxStaleConnectionRetries = 0,
            Timeout = TimeSpan.FromSeconds(fault == nameof(Fault.Hang) ? 0.3 : 30),
        });

        var failure = await Should.ThrowAsync<Exception>(() => client.ConverseAsync(
            new ConverseRequest
            {
                ModelId = BedrockSimulator.NovaMicro,
                Messages = [new Message { Role = ConversationRole.User, Content = [new ContentBlock { Text = "Hello there." }] }],
            },
            Cancellation));

        failure.ShouldBeAssignableTo(expected);
        bedrock.Requests.Count.ShouldBe(1);
        bedrock.AssertNoUnexpectedCalls();
    }

    private static void Authorize(HttpRequestMessage request, Func<string, string> change)
    {
        var value = request.Headers.GetValues("Authorization").Single();
        request.Headers.Remove("Authorization");
        request.Headers.TryAddWithoutValidation("Authorization", change(value));
    }

    private static async Task ShouldBeAsync(HttpResponseMessage answer, int status, string exception, string? message = null)
    {
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.GetValues("x-amzn-ErrorType").Single().Split(':')[0].ShouldBe(exception);
        answer.Headers.Contains("x-amzn-RequestId").ShouldBeTrue();
        var said = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("message").GetString()!;
        if (message is not null)
            said.ShouldBe(message);
    }

    private static async Task<(string? Text, string? StopReason)> TextAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return (body.GetProperty("output").GetProperty("message").GetProperty("content")[0].GetProperty("text").GetString(), body.GetProperty("stopReason").GetString());
    }

    private async Task RefusedAsync(
        string exception,
        string message,
        Action<HttpRequestMessage>? change = null,
        string accessKey = "AKIDEXAMPLE",
        string secretKey = "wJalrXUtnFEMI",
        string region = "us-east-1",
        string service = "bedrock")
    {
        _bedrock.AnswerWith(_ => "never");
        using var request = AwsSigner.Converse(_bedrock.Address, Hello, _time.Now, accessKey: accessKey, secretKey: secretKey, region: region, service: service);
        change?.Invoke(request);

        var answer = await _client.SendAsync(request, Cancellation);

        await ShouldBeAsync(answer, 403, exception);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain(message);
        _bedrock.UnexpectedCalls.Count.ShouldBe(1);
    }

    private async Task<HttpResponseMessage> SendAsync(string body, string model = BedrockSimulator.NovaMicro)
    {
        using var request = AwsSigner.Converse(_bedrock.Address, body, _time.Now, model);
        return await _client.SendAsync(request, Cancellation);
    }
}
