using Amazon.BedrockRuntime.Internal;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
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
    /// <summary>Credentials from the environment.</summary>
    public AmazonBedrockRuntimeClient(AmazonBedrockRuntimeConfig config)
        : base(config)
    {
    }

    public AmazonBedrockRuntimeClient(AWSCredentials credentials, AmazonBedrockRuntimeConfig clientConfig)
        : base(credentials, clientConfig)
    {
    }

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
