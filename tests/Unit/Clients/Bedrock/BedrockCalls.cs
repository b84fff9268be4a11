using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;

namespace AlertResponder.Tests.Unit.Clients.Bedrock;

/// <summary>What the tests of the Bedrock client share: keys, a client of a loopback server, a request and its answer.</summary>
internal static class BedrockCalls
{
    public const string AccessKey = "AKIDEXAMPLE";
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Region = "eu-central-1";
    public const string ModelId = "amazon.nova-micro-v1:0";

    public const string Answer =
        """
        {
          "metrics": { "latencyMs": 1234 },
          "output": { "message": { "content": [ { "text": "{\"cause\": \"OOM – größer\"}" } ], "role": "assistant" } },
          "stopReason": "end_turn",
          "usage": { "inputTokens": 30, "outputTokens": 12, "totalTokens": 42 }
        }
        """;

    public static AmazonBedrockRuntimeClient Client(LoopbackServer server, AWSCredentials? credentials = null) => new(
        credentials ?? new BasicAWSCredentials(AccessKey, SecretKey),
        new AmazonBedrockRuntimeConfig { ServiceURL = server.Url, AuthenticationRegion = Region, MaxErrorRetry = 0 });

    public static ConverseRequest Request() => new()
    {
        ModelId = ModelId,
        Messages = [new Message { Role = ConversationRole.User, Content = [new ContentBlock { Text = "Why?" }] }],
    };
}
