using System.Net;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace AlertResponder.Tests.Unit.Clients.Bedrock;

public sealed class ErrorTests
{
    public static TheoryData<int, string, Type> Errors => new()
    {
        { 429, "ThrottlingException", typeof(ThrottlingException) },
        { 408, "ModelTimeoutException", typeof(ModelTimeoutException) },
        { 429, "ModelNotReadyException", typeof(ModelNotReadyException) },
        { 424, "ModelErrorException", typeof(ModelErrorException) },
        { 503, "ServiceUnavailableException", typeof(ServiceUnavailableException) },
        { 500, "InternalServerException", typeof(InternalServerException) },
        { 400, "ValidationException", typeof(ValidationException) },
        { 403, "AccessDeniedException", typeof(AccessDeniedException) },
        { 404, "ResourceNotFoundException", typeof(ResourceNotFoundException) },
        { 402, "PaymentException", typeof(AmazonBedrockRuntimeException) },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task ConverseAsync_ErrorTypeInTheHeader_ThrowsItsException(int status, string code, Type expected)
    {
        var error = await FailAsync(new WireAnswer(
            status, """{"message":"no, because"}""", "application/json",
            ("x-amzn-ErrorType", code + ":http://internal.amazon.com/coral/com.amazon.bedrock/"), ("x-amzn-RequestId", "req-2")));

        error.ShouldBeOfType(expected);
        error.StatusCode.ShouldBe((HttpStatusCode)status);
        error.ErrorCode.ShouldBe(code);
        error.RequestId.ShouldBe("req-2");
        error.Message.ShouldBe("no, because");
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task ConverseAsync_ErrorTypeInTheBody_ThrowsItsException(int status, string code, Type expected)
    {
        var error = await FailAsync(new WireAnswer(
            status, $$"""{"__type":"com.amazon.coral#{{code}}","Message":"no, because"}""", "application/json", ("x-amzn-RequestId", "req-3")));

        error.ShouldBeOfType(expected);
        (error.StatusCode, error.ErrorCode, error.RequestId, error.Message).ShouldBe(((HttpStatusCode)status, code, "req-3", "no, because"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    public async Task ConverseAsync_ModelErrorWithoutABodyOfItsOwn_IsOneNevertheless(string body)
    {
        var error = await FailAsync(new WireAnswer(424, body, "application/json", ("x-amzn-ErrorType", "ModelErrorException")));

        error.ShouldBeOfType<ModelErrorException>();
    }

    [Fact]
    public async Task ConverseAsync_ErrorCodeInTheBody_ThrowsItsException() =>
        (await FailAsync(new WireAnswer(429, """{"code":"ThrottlingException","message":"slow"}"""))).ShouldBeOfType<ThrottlingException>();

    [Theory]
    [InlineData(502, "<html>bad gateway</html>", "text/html")]
    [InlineData(503, "", null)]
    [InlineData(429, "", "application/json")]
    [InlineData(500, "[1,2]", "application/json")]
    public async Task ConverseAsync_ErrorThatIsNotBedrocks_ThrowsTheBaseExceptionWithTheStatus(int status, string body, string? contentType)
    {
        var error = await FailAsync(new WireAnswer(status, body, contentType));

        error.ShouldBeOfType<AmazonBedrockRuntimeException>();
        error.StatusCode.ShouldBe((HttpStatusCode)status);
    }

    [Fact]
    public async Task ConverseAsync_ThrottledWithRetryAfter_CarriesTheHeaderInTheInnerException()
    {
        var error = await FailAsync(new WireAnswer(
            429, """{"message":"slow"}""", "application/json", ("x-amzn-ErrorType", "ThrottlingException"), ("Retry-After", "17")));

        error.InnerException.ShouldBeOfType<HttpErrorResponseException>().Response.GetHeaderValue("Retry-After").ShouldBe("17");
    }

    [Fact]
    public async Task ConverseAsync_ThrottledWithoutRetryAfter_HasNoHeader()
    {
        var error = await FailAsync(new WireAnswer(429, """{"message":"slow"}""", "application/json", ("x-amzn-ErrorType", "ThrottlingException")));

        error.InnerException.ShouldBeOfType<HttpErrorResponseException>().Response.GetHeaderValue("Retry-After").ShouldBeNullOrEmpty();
    }

    [Fact]
    public void ModelNotReady_IsRetryableButNoThrottling()
    {
        new ModelNotReadyException("warming up").Retryable.Throttling.ShouldBeFalse();
        new ThrottlingException("slow").Retryable.ShouldBeNull();
    }

    /// <summary>One answer, one exception, and no retry of AWSSDK.Core's own.</summary>
    private static async Task<AmazonServiceException> FailAsync(WireAnswer answer)
    {
        await using var server = await LoopbackServer.AnswerAsync(answer);
        using var client = BedrockCalls.Client(server);

        var error = await Should.ThrowAsync<AmazonServiceException>(
            () => client.ConverseAsync(BedrockCalls.Request(), TestContext.Current.CancellationToken));

        server.Requests.Count.ShouldBe(1);
        return error;
    }
}
