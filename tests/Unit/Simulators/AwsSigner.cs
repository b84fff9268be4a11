using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Util;

namespace AlertResponder.Tests.Unit.Simulators;

/// <summary>Converse requests signed by the AWS SDK's own code, so that the simulator's check isn't only checked against itself.</summary>
internal static class AwsSigner
{
    public static HttpRequestMessage Converse(
        Uri address,
        string body,
        DateTimeOffset signedAt,
        string model = "amazon.nova-micro-v1:0",
        string accessKey = "AKIDEXAMPLE",
        string secretKey = "wJalrXUtnFEMI",
        string region = "us-east-1",
        string service = "bedrock",
        string? sessionToken = null)
    {
        var request = new DefaultRequest(new ConverseCall(), "Bedrock Runtime")
        {
            HttpMethod = "POST",
            Endpoint = address,
            ResourcePath = "/model/{modelId}/converse",
            Content = Encoding.UTF8.GetBytes(body),
            OverrideSigningServiceName = service,
            AuthenticationRegion = region,
        };
        request.AddPathResource("{modelId}", model);
        request.Headers["Content-Type"] = "application/json";
        if (sessionToken is not null)
            request.Headers["x-amz-security-token"] = sessionToken;
        var result = new AWS4Signer().SignRequest(request, new Config(), new Amazon.Runtime.Internal.Util.RequestMetrics(), accessKey, secretKey, signedAt.UtcDateTime);

        var message = new HttpRequestMessage(HttpMethod.Post, AmazonServiceClient.ComposeUrl(request)) { Content = new ByteArrayContent(request.Content) };
        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content.Headers.TryAddWithoutValidation(name, value);
        }

        message.Headers.TryAddWithoutValidation(HeaderKeys.AuthorizationHeader, result.ForAuthorizationHeader);
        return message;
    }

    private sealed class ConverseCall : AmazonWebServiceRequest;

    private sealed class Config() : ClientConfig(new NoDefaults())
    {
        public override string ServiceVersion => "2023-09-30";

        public override string UserAgent => "test";

        public override string RegionEndpointServiceName => "bedrock-runtime";

        public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => throw new NotSupportedException();
    }

    private sealed class NoDefaults : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(Amazon.RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode = null) =>
            new DefaultConfiguration { Name = DefaultConfigurationMode.Standard };
    }
}
