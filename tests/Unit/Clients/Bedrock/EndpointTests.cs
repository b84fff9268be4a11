using Amazon;
using Amazon.BedrockRuntime;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace AlertResponder.Tests.Unit.Clients.Bedrock;

/// <summary>Where requests go.</summary>
[Collection(nameof(AwsEnvironment))]
public sealed class EndpointTests : IDisposable
{
    private readonly AwsEnvironment _environment = new();

    public EndpointTests()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", BedrockCalls.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", BedrockCalls.SecretKey);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _environment.Dispose();

    [Theory]
    [InlineData("us-east-1", false, false, "https://bedrock-runtime.us-east-1.amazonaws.com/")]
    [InlineData("eu-central-1", false, false, "https://bedrock-runtime.eu-central-1.amazonaws.com/")]
    [InlineData("us-gov-west-1", true, false, "https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/")]
    [InlineData("us-east-1", false, true, "https://bedrock-runtime.us-east-1.api.aws/")]
    [InlineData("us-east-1", true, true, "https://bedrock-runtime-fips.us-east-1.api.aws/")]
    [InlineData("cn-north-1", false, false, "https://bedrock-runtime.cn-north-1.amazonaws.com.cn/")]
    [InlineData("eu-unheard-of-1", false, false, "https://bedrock-runtime.eu-unheard-of-1.amazonaws.com/")]
    public void Endpoint_OfARegion_IsTheRegionsHost(string region, bool fips, bool dualStack, string expected)
    {
        var config = new AmazonBedrockRuntimeConfig
        {
            RegionEndpoint = RegionEndpoint.GetBySystemName(region), UseFIPSEndpoint = fips, UseDualstackEndpoint = dualStack,
        };

        new Uri(EndpointOf(config)).ShouldBe(new Uri(expected));
    }

    [Fact]
    public void Endpoint_RegionSetAfterServiceUrl_IsTheRegions()
    {
        var config = new AmazonBedrockRuntimeConfig { ServiceURL = "http://localhost:1", RegionEndpoint = RegionEndpoint.EUCentral1 };

        EndpointOf(config).ShouldContain("bedrock-runtime.eu-central-1.amazonaws.com");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Endpoint_OwnUrlWithFipsOrDualStack_IsRefused(bool fips, bool dualStack)
    {
        var config = new AmazonBedrockRuntimeConfig { ServiceURL = "http://localhost:1", UseFIPSEndpoint = fips, UseDualstackEndpoint = dualStack };

        Should.Throw<AmazonClientException>(() => EndpointOf(config));
    }

    [Fact]
    public async Task ConverseAsync_NoRegionAnywhere_ThrowsWithoutSending() =>
        await Should.ThrowAsync<AmazonClientException>(async () =>
        {
            using var client = new AmazonBedrockRuntimeClient(new AmazonBedrockRuntimeConfig { MaxErrorRetry = 0 });
            await client.ConverseAsync(BedrockCalls.Request(), Cancellation);
        });

    [Theory]
    [InlineData("AWS_ENDPOINT_URL")]
    [InlineData("AWS_ENDPOINT_URL_BEDROCK_RUNTIME")]
    public async Task ConverseAsync_EndpointInTheEnvironment_GoesThereSignedForTheEnvironmentsRegion(string variable)
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        Environment.SetEnvironmentVariable(variable, server.Url);
        Environment.SetEnvironmentVariable("AWS_REGION", "ap-southeast-2");
        using var client = new AmazonBedrockRuntimeClient(new AmazonBedrockRuntimeConfig());

        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        server.OnlyRequest.IsSignedBy(BedrockCalls.AccessKey, BedrockCalls.SecretKey, "ap-southeast-2").ShouldBeTrue();
    }

    [Fact]
    public async Task ConverseAsync_BothEndpointsInTheEnvironment_GoesToBedrocksOwn()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL", "http://localhost:1");
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.Url);
        Environment.SetEnvironmentVariable("AWS_REGION", BedrockCalls.Region);
        using var client = new AmazonBedrockRuntimeClient(new AmazonBedrockRuntimeConfig { MaxErrorRetry = 0 });

        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "ap-southeast-2")]
    [InlineData("eu-west-1", "eu-west-1")]
    public async Task ConverseAsync_EndpointInTheEnvironment_SignsForTheAuthenticationRegionNotTheRegionEndpoint(
        string? authenticationRegion, string signedFor)
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.Url);
        Environment.SetEnvironmentVariable("AWS_REGION", "ap-southeast-2");
        using var client = new AmazonBedrockRuntimeClient(
            new AmazonBedrockRuntimeConfig { RegionEndpoint = RegionEndpoint.EUWest1, AuthenticationRegion = authenticationRegion });

        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        server.OnlyRequest.IsSignedBy(BedrockCalls.AccessKey, BedrockCalls.SecretKey, signedFor).ShouldBeTrue();
    }

    [Fact]
    public async Task ConverseAsync_OwnUrlWithoutAuthenticationRegion_SignsForTheEnvironmentsRegion()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        Environment.SetEnvironmentVariable("AWS_REGION", "ap-southeast-2");
        using var client = new AmazonBedrockRuntimeClient(new AmazonBedrockRuntimeConfig { ServiceURL = server.Url });

        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        server.OnlyRequest.IsSignedBy(BedrockCalls.AccessKey, BedrockCalls.SecretKey, "ap-southeast-2").ShouldBeTrue();
    }

    [Fact]
    public async Task ConverseAsync_ApiKeyInTheEnvironment_SendsItAsBearerToken()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        Environment.SetEnvironmentVariable("AWS_BEARER_TOKEN_BEDROCK", "bedrock-api-key");
        Environment.SetEnvironmentVariable("AWS_REGION", BedrockCalls.Region);
        using var client = new AmazonBedrockRuntimeClient(
            new AmazonBedrockRuntimeConfig { ServiceURL = server.Url, MaxErrorRetry = 0 });

        // The SDK refuses to send a bearer token in the clear, which is all a loopback server speaks.
        var error = await Should.ThrowAsync<AmazonClientException>(() => client.ConverseAsync(BedrockCalls.Request(), Cancellation));

        error.ToString().ShouldContain("bearer", Case.Insensitive);
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void CreateDefaultServiceClient_OfTheInterface_MakesAClientWithThatConfiguration()
    {
        var config = Default<IAmazonBedrockRuntime>().ShouldBeOfType<AmazonBedrockRuntimeConfig>();
        config.RegionEndpoint = RegionEndpoint.EUWest1;

        using var client = Create<IAmazonBedrockRuntime>(config).ShouldBeOfType<AmazonBedrockRuntimeClient>();

        client.Config.RegionEndpoint.ShouldBe(RegionEndpoint.EUWest1);
    }

    [Fact]
    public async Task ConverseAsync_KeysAndTokenGiven_SignsWithThemNotTheEnvironments()
    {
        await using var server = await LoopbackServer.AnswerAsync(new WireAnswer(200, BedrockCalls.Answer));
        var config = new AmazonBedrockRuntimeConfig { ServiceURL = server.Url, AuthenticationRegion = BedrockCalls.Region };
        using var client = new AmazonBedrockRuntimeClient(new SessionAWSCredentials("AKIAGIVEN", "given secret", "given token"), config);

        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        server.OnlyRequest.Headers["x-amz-security-token"].ShouldBe("given token");
        server.OnlyRequest.IsSignedBy("AKIAGIVEN", "given secret", BedrockCalls.Region).ShouldBeTrue();
    }

    private static ClientConfig Default<T>() where T : IAmazonService => T.CreateDefaultClientConfig();

    private static IAmazonService Create<T>(ClientConfig config) where T : IAmazonService => T.CreateDefaultServiceClient(null, config);

    private static string EndpointOf(AmazonBedrockRuntimeConfig config) =>
        config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(BedrockCalls.Request())).URL;
}
