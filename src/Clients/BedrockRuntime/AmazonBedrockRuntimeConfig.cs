using Amazon.BedrockRuntime.Internal;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;

namespace Amazon.BedrockRuntime;

/// <summary>How to reach Amazon Bedrock: the settings that all AWS clients share.</summary>
/// <remarks>
/// <c>ServiceURL</c> and <c>RegionEndpoint</c> exclude each other: the one set last clears the other. With a URL of one's own, set or
/// from the environment, the signature's region is <c>AuthenticationRegion</c>, without that AWS_REGION, but not <c>RegionEndpoint</c>.
/// </remarks>
public sealed class AmazonBedrockRuntimeConfig : ClientConfig
{
    private static readonly BedrockRuntimeEndpointResolver Resolver = new();

    public AmazonBedrockRuntimeConfig()
        : base(new DefaultConfigurationProvider(BedrockRuntimeDefaults.All))
    {
        base.ServiceId = ServiceId;
        AuthenticationServiceName = "bedrock";
        EndpointProvider = new BedrockRuntimeEndpointProvider();
    }

    /// <summary>The name that AWS_ENDPOINT_URL_BEDROCK_RUNTIME and the sections of a profile are derived from.</summary>
    public static new string ServiceId => "Bedrock Runtime";

    /// <inheritdoc />
    public override string RegionEndpointServiceName => "bedrock-runtime";

    /// <summary>The API's version, a date.</summary>
    public override string ServiceVersion => "2023-09-30";

    /// <inheritdoc />
    public override string UserAgent { get; } = InternalSDKUtils.BuildUserAgentString(ServiceId, "4.0.15");

    /// <summary>Where a request would go, with this configuration.</summary>
    /// <exception cref="AmazonClientException">No region, or settings that exclude each other.</exception>
    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);

        var request = new DefaultRequest(parameters.Request, ServiceId) { AlternateEndpoint = parameters.AlternateEndpoint };
        var context = new RequestContext(enableMetrics: false, clientSigner: null)
        {
            ClientConfig = this,
            OriginalRequest = parameters.Request,
            Request = request,
        };

        return Resolver.GetEndpoint(new Runtime.Internal.ExecutionContext(context, responseContext: null));
    }
}
