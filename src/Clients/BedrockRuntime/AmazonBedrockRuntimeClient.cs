using Amazon.BedrockRuntime.Internal;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace Amazon.BedrockRuntime;

/// <summary>
/// Calls Amazon Bedrock over HTTPS. Credentials, signing, endpoints and retries are AWSSDK.Core's, so every setting that the AWS SDKs
/// share works here: AWS_REGION, profiles, AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_BEARER_TOKEN_BEDROCK.
/// </summary>
/// <remarks>
/// AWSSDK.Core retries by itself: a caller with a retry policy of its own sets <c>MaxErrorRetry = 0</c>, and
/// <c>MaxStaleConnectionRetries = 0</c>, without which calls are repeated at once when their connection breaks. Thread-safe.
/// </remarks>
public sealed class AmazonBedrockRuntimeClient : AmazonServiceClient, IAmazonBedrockRuntime
{
    /// <summary>Credentials and region from the environment.</summary>
    public AmazonBedrockRuntimeClient()
        : this(new AmazonBedrockRuntimeConfig())
    {
    }

    /// <summary>Credentials from the environment.</summary>
    public AmazonBedrockRuntimeClient(RegionEndpoint region)
        : this(new AmazonBedrockRuntimeConfig { RegionEndpoint = region })
    {
    }

    /// <summary>Credentials from the environment.</summary>
    public AmazonBedrockRuntimeClient(AmazonBedrockRuntimeConfig config)
        : base(config)
    {
    }

    /// <summary>Region from the environment.</summary>
    public AmazonBedrockRuntimeClient(AWSCredentials credentials)
        : this(credentials, new AmazonBedrockRuntimeConfig())
    {
    }

    public AmazonBedrockRuntimeClient(AWSCredentials credentials, RegionEndpoint region)
        : this(credentials, new AmazonBedrockRuntimeConfig { RegionEndpoint = region })
    {
    }

    public AmazonBedrockRuntimeClient(AWSCredentials credentials, AmazonBedrockRuntimeConfig clientConfig)
        : base(credentials, clientConfig)
    {
    }

    /// <summary>Region from the environment.</summary>
    public AmazonBedrockRuntimeClient(string awsAccessKeyId, string awsSecretAccessKey)
        : this(awsAccessKeyId, awsSecretAccessKey, new AmazonBedrockRuntimeConfig())
    {
    }

    public AmazonBedrockRuntimeClient(string awsAccessKeyId, string awsSecretAccessKey, RegionEndpoint region)
        : this(awsAccessKeyId, awsSecretAccessKey, new AmazonBedrockRuntimeConfig { RegionEndpoint = region })
    {
    }

    public AmazonBedrockRuntimeClient(string awsAccessKeyId, string awsSecretAccessKey, AmazonBedrockRuntimeConfig clientConfig)
        : base(awsAccessKeyId, awsSecretAccessKey, clientConfig)
    {
    }

    /// <summary>Region from the environment.</summary>
    public AmazonBedrockRuntimeClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken)
        : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonBedrockRuntimeConfig())
    {
    }

    public AmazonBedrockRuntimeClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, RegionEndpoint region)
        : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonBedrockRuntimeConfig { RegionEndpoint = region })
    {
    }

    public AmazonBedrockRuntimeClient(
        string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, AmazonBedrockRuntimeConfig clientConfig)
        : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, clientConfig)
    {
    }

    /// <inheritdoc />
    public Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request) =>
        Config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(request));

    /// <inheritdoc />
    public Task<ConverseResponse> ConverseAsync(ConverseRequest request, CancellationToken cancellationToken = default)
    {
        var options = new InvokeOptions
        {
            RequestMarshaller = ConverseRequestMarshaller.Instance,
            ResponseUnmarshaller = ConverseResponseUnmarshaller.Instance,
        };

        return InvokeAsync<ConverseResponse>(request, options, cancellationToken);
    }

    /// <inheritdoc />
    protected override IServiceMetadata ServiceMetadata { get; } = new BedrockRuntimeMetadata();

    /// <inheritdoc />
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);

        // Each goes directly behind the marshaller, so the one added last runs first: how to sign is settled before where to send.
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new BedrockRuntimeEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new BedrockRuntimeAuthSchemeHandler());
    }
}
