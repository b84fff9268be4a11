using System.Net;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;

namespace Amazon.BedrockRuntime.Internal;

/// <summary>The answer, or the exception of the error that was answered instead.</summary>
internal sealed class ConverseResponseUnmarshaller : JsonResponseUnmarshaller
{
    public static readonly ConverseResponseUnmarshaller Instance = new();

    private static readonly ObjectUnmarshaller<ContentBlock> Block = new()
    {
        { "text", static (block, context, ref reader) => block.Text = Text(context, ref reader) },
    };

    private static readonly ObjectUnmarshaller<Message> Message = new()
    {
        { "content", static (message, context, ref reader) => message.Content = Blocks(context, ref reader) },
        { "role", static (message, context, ref reader) => message.Role = Text(context, ref reader) },
    };

    private static readonly ObjectUnmarshaller<ConverseOutput> Output = new()
    {
        { "message", static (output, context, ref reader) => output.Message = Message.Unmarshall(context, ref reader) },
    };

    private static readonly ObjectUnmarshaller<TokenUsage> Usage = new()
    {
        { "inputTokens", static (usage, context, ref reader) => usage.InputTokens = Count(context, ref reader) },
        { "outputTokens", static (usage, context, ref reader) => usage.OutputTokens = Count(context, ref reader) },
    };

    private static readonly ObjectUnmarshaller<ConverseResponse> Response = new()
    {
        { "output", static (response, context, ref reader) => response.Output = Output.Unmarshall(context, ref reader) },
        { "stopReason", static (response, context, ref reader) => response.StopReason = Text(context, ref reader) },
        { "usage", static (response, context, ref reader) => response.Usage = Usage.Unmarshall(context, ref reader) },
    };

    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
    {
        var response = new ConverseResponse();
        var reader = new StreamingUtf8JsonReader(input.Stream);
        input.Read(ref reader);
        Response.UnmarshallInto(response, input, ref reader);
        return response;
    }

    public override AmazonServiceException UnmarshallException(
        JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        var reader = new StreamingUtf8JsonReader(input.Stream);
        var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(input, ref reader);
        var (message, type, code, requestId) = (error.Message, error.Type, error.Code, error.RequestId);

        return code switch
        {
            nameof(AccessDeniedException) => new AccessDeniedException(message, innerException, type, code, requestId, statusCode),
            nameof(InternalServerException) => new InternalServerException(message, innerException, type, code, requestId, statusCode),
            nameof(ModelErrorException) => new ModelErrorException(message, innerException, type, code, requestId, statusCode),
            nameof(ModelNotReadyException) => new ModelNotReadyException(message, innerException, type, code, requestId, statusCode),
            nameof(ModelTimeoutException) => new ModelTimeoutException(message, innerException, type, code, requestId, statusCode),
            nameof(ResourceNotFoundException) => new ResourceNotFoundException(message, innerException, type, code, requestId, statusCode),
            nameof(ServiceUnavailableException) => new ServiceUnavailableException(message, innerException, type, code, requestId, statusCode),
            nameof(ThrottlingException) => new ThrottlingException(message, innerException, type, code, requestId, statusCode),
            nameof(ValidationException) => new ValidationException(message, innerException, type, code, requestId, statusCode),
            _ => new AmazonBedrockRuntimeException(message, innerException, type, code, requestId, statusCode),
        };
    }

    private static string Text(JsonUnmarshallerContext context, ref StreamingUtf8JsonReader reader) =>
        StringUnmarshaller.Instance.Unmarshall(context, ref reader);

    private static int? Count(JsonUnmarshallerContext context, ref StreamingUtf8JsonReader reader) =>
        NullableIntUnmarshaller.Instance.Unmarshall(context, ref reader);

    private static List<ContentBlock> Blocks(JsonUnmarshallerContext context, ref StreamingUtf8JsonReader reader) =>
        new JsonListUnmarshaller<ContentBlock, ObjectUnmarshaller<ContentBlock>>(Block).Unmarshall(context, ref reader);
}
