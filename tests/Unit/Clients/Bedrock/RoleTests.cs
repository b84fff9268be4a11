using AlertResponder.Analysis;
using AlertResponder.Analysis.Model;
using AlertResponder.Simulators.Bedrock;
using Amazon.BedrockRuntime;
using Amazon.Runtime;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;

namespace AlertResponder.Tests.Unit.Clients.Bedrock;

/// <summary>
/// Credentials that AWS's Security Token Service gives for a role. AWSSDK.Core asks it through AWSSDK.SecurityToken, which it loads by
/// name: without that assembly beside the application, these tests fail.
/// </summary>
[Collection(nameof(AwsEnvironment))]
public sealed class RoleTests : IAsyncLifetime
{
    private const string AccessKey = "ASIAOFTHEROLE";
    private const string SecretKey = "secret of the role";
    private const string SessionToken = "session/of+the=role";
    private const string Role = "arn:aws:iam::123456789012:role/alert-responder";

    private readonly AwsEnvironment _environment = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("alert-responder-role-").FullName;
    private BedrockSimulator _bedrock = null!;
    private LoopbackServer _sts = null!;
    private Func<string, WireAnswer> _answer = Credentials;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bedrock = await BedrockSimulator.StartAsync(AccessKey, SecretKey, BedrockCalls.Region, SessionToken, cancellationToken: Cancellation);
        _bedrock.AnswerWith(_ => "yes");
        _sts = await LoopbackServer.AnswerAsync((request, _) => Task.FromResult(_answer(Form(request)["Action"])));
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_STS", _sts.Url);
        Environment.SetEnvironmentVariable("AWS_REGION", BedrockCalls.Region);
    }

    public async ValueTask DisposeAsync()
    {
        await _sts.DisposeAsync();
        await _bedrock.DisposeAsync();
        _environment.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ConverseAsync_WebIdentityInTheEnvironment_SignsWithTheRolesCredentials()
    {
        // As the EKS webhook sets it up in a pod whose service account has a role.
        var token = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(token, "token of the service account", Cancellation);
        Environment.SetEnvironmentVariable("AWS_WEB_IDENTITY_TOKEN_FILE", token);
        Environment.SetEnvironmentVariable("AWS_ROLE_ARN", Role);
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables()
            .AddInMemoryCollection([new("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", _bedrock.Address.ToString())])
            .Build();

        BedrockClient.IsConfigured(configuration).ShouldBeTrue();
        using var client = BedrockClient.Create(configuration, new BedrockOptions { Region = BedrockCalls.Region });
        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);
        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        _bedrock.Requests.Count.ShouldBe(2);
        _bedrock.AssertNoUnexpectedCalls();
        var asked = Form(_sts.OnlyRequest);
        (asked["Action"], asked["RoleArn"], asked["WebIdentityToken"]).ShouldBe(("AssumeRoleWithWebIdentity", Role, "token of the service account"));
    }

    [Fact]
    public async Task ConverseAsync_ProfileWithARole_SignsWithTheRolesCredentials()
    {
        var profiles = Path.Combine(_folder, "config");
        await File.WriteAllTextAsync(
            profiles,
            $"""
            [source]
            aws_access_key_id = {BedrockCalls.AccessKey}
            aws_secret_access_key = {BedrockCalls.SecretKey}

            [responder]
            role_arn = {Role}
            source_profile = source
            """,
            Cancellation);
        using var client = new AmazonBedrockRuntimeClient(new AmazonBedrockRuntimeConfig
        {
            Profile = new Amazon.Profile("responder", profiles),
            ServiceURL = _bedrock.Address.ToString(),
            AuthenticationRegion = BedrockCalls.Region,
            MaxErrorRetry = 0,
        });

        await client.ConverseAsync(BedrockCalls.Request(), Cancellation);

        _bedrock.AssertNoUnexpectedCalls();
        var asked = Form(_sts.OnlyRequest);
        (asked["Action"], asked["RoleArn"]).ShouldBe(("AssumeRole", Role));
    }

    [Fact]
    public async Task ConverseAsync_TokenServiceRefuses_ThrowsWithItsReasonAndSendsNothing()
    {
        _answer = _ => Refusal;
        var token = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(token, "token of another service account", Cancellation);
        using var client = new AmazonBedrockRuntimeClient(
            new AssumeRoleWithWebIdentityCredentials(token, Role, "test"),
            new AmazonBedrockRuntimeConfig { ServiceURL = _bedrock.Address.ToString(), AuthenticationRegion = BedrockCalls.Region, MaxErrorRetry = 0 });

        var error = await Should.ThrowAsync<AmazonClientException>(() => client.ConverseAsync(BedrockCalls.Request(), Cancellation));

        error.Message.ShouldContain(Role);
        error.InnerException.ShouldNotBeNull().Message.ShouldBe("Not authorized to perform sts:AssumeRoleWithWebIdentity");
        _bedrock.Requests.ShouldBeEmpty();
    }

    private static Dictionary<string, string> Form(WireRequest request) =>
        QueryHelpers.ParseQuery(request.Text).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);

    private static WireAnswer Refusal { get; } = new(
        403,
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error>
          <RequestId>sts-2</RequestId>
        </ErrorResponse>
        """,
        "text/xml");

    private static WireAnswer Credentials(string action) => new(
        200,
        $"""
        <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <{action}Result>
            <Credentials>
              <AccessKeyId>{AccessKey}</AccessKeyId>
              <SecretAccessKey>{SecretKey}</SecretAccessKey>
              <SessionToken>{SessionToken}</SessionToken>
              <Expiration>{TimeProvider.System.GetUtcNow().AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}</Expiration>
            </Credentials>
            <AssumedRoleUser>
              <Arn>arn:aws:sts::123456789012:assumed-role/alert-responder/session</Arn>
              <AssumedRoleId>AROAOFTHEROLE:session</AssumedRoleId>
            </AssumedRoleUser>
          </{action}Result>
          <ResponseMetadata><RequestId>sts-1</RequestId></ResponseMetadata>
        </{action}Response>
        """,
        "text/xml");
}
