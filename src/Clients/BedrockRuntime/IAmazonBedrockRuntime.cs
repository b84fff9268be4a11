using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;

namespace Amazon.BedrockRuntime;

/// <summary>Amazon Bedrock's inference API, as far as the pipeline calls it.</summary>
/// <remarks>https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html</remarks>
public interface IAmazonBedrockRuntime : IAmazonService, IDisposable
{
    /// <summary>Sends a conversation to a model and waits for the whole of its answer.</summary>
    /// <exception cref="ThrottlingException">429: the account's quota is used up.</exception>
    /// <exception cref="ModelNotReadyException">429: the model is not ready to serve.</exception>
    /// <exception cref="ModelTimeoutException">408: the model took longer than the model's own time limit.</exception>
    /// <exception cref="ModelErrorException">424: the model failed on this request.</exception>
    /// <exception cref="ServiceUnavailableException">503.</exception>
    /// <exception cref="InternalServerException">500.</exception>
    /// <exception cref="ValidationException">400: the request breaks a constraint of the API or of the model.</exception>
    /// <exception cref="AccessDeniedException">403: no permission, or no access to this model.</exception>
    /// <exception cref="ResourceNotFoundException">404: no such model.</exception>
    /// <exception cref="AmazonBedrockRuntimeException">Any other error that the service answers; the base of those above.</exception>
    /// <exception cref="AmazonUnmarshallingException">The answer cannot be read.</exception>
    /// <exception cref="AmazonClientException">No credentials, no region: nothing was sent.</exception>
    /// <exception cref="HttpRequestException">No connection.</exception>
    /// <exception cref="IOException">The connection broke before there was an answer.</exception>
    /// <exception cref="TimeoutException">The configuration's <c>Timeout</c> is over.</exception>
    Task<ConverseResponse> ConverseAsync(ConverseRequest request, CancellationToken cancellationToken = default);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonBedrockRuntimeConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig)
    {
        if (clientConfig is not AmazonBedrockRuntimeConfig config)
            throw new AmazonClientException($"Bedrock takes an {nameof(AmazonBedrockRuntimeConfig)}, not {clientConfig?.GetType()}.");

        return awsCredentials is null ? new AmazonBedrockRuntimeClient(config) : new AmazonBedrockRuntimeClient(awsCredentials, config);
    }
}
