using System.Globalization;
using AlertResponder.Analysis;
using AlertResponder.Analysis.Model;
using AlertResponder.Host.Commands;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;

namespace AlertResponder.Host.Doctor;

/// <summary>Whether the model answers. That costs one token of answer, and says so.</summary>
internal static class BedrockCheck
{
    private const string Subject = "Bedrock";
    private const string Credentials = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (AWS_SESSION_TOKEN too if they are temporary), or AWS_PROFILE";

    /// <param name="client">Makes the client; null where nothing says that there are credentials.</param>
    /// <param name="options">Model, region and prices.</param>
    /// <param name="dailyBudgetUsd">0 turns the model off.</param>
    public static Check Of(Func<IAmazonBedrockRuntime>? client, BedrockOptions options, decimal dailyBudgetUsd) => new(
        Subject,
        "See that this machine reaches Bedrock's endpoint, and that AWS credentials can be found",
        async cancellationToken => [await ExamineAsync(client, options, dailyBudgetUsd, cancellationToken)]);

    private static async Task<Finding> ExamineAsync(Func<IAmazonBedrockRuntime>? client, BedrockOptions options, decimal dailyBudgetUsd, CancellationToken cancellationToken)
    {
        if (dailyBudgetUsd == 0)
        {
            return Finding.Note(Subject, "Analysis:DailyBudgetUsd is 0: the model is never asked, the rules answer alone.");
        }

        if (client is null)
        {
            return Finding.Note(Subject, "No AWS credentials are configured: the rules answer alone.");
        }

        var region = "the configured region";
        try
        {
            var bedrock = client();
            region = bedrock.Config.RegionEndpoint?.SystemName ?? bedrock.Config.AuthenticationRegion ?? region;
            var answer = await bedrock.ConverseAsync(Question(options.ModelId), cancellationToken);
            var (input, output) = (answer.Usage?.InputTokens ?? 0, answer.Usage?.OutputTokens ?? 0);
            var cost = ModelPrice.Of(options.Prices, options.ModelId)?.Cost(input, output) ?? 0;
            return Finding.Ok(Subject, string.Create(CultureInfo.InvariantCulture, $"{options.ModelId} answers in {region} (this cost {input} + {output} tokens, ${cost:0.########})"));
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException)
        {
            return Finding.Fail(Subject, $"{options.ModelId} in {region}: {ForeignLine.Of(e.Message).TrimEnd('.')}", Fix(e, options.ModelId, region));
        }
    }

    private static ConverseRequest Question(string modelId) => new()
    {
        ModelId = modelId,
        Messages = [new Message { Role = ConversationRole.User, Content = [new ContentBlock { Text = "ok?" }] }],
        InferenceConfig = new InferenceConfiguration { MaxTokens = 1 },
    };

    private static string Fix(Exception exception, string modelId, string region) => exception switch
    {
        AccessDeniedException => $"Allow the principal bedrock:InvokeModel on {modelId}, and request access to the model in the Bedrock console (Model access, {region})",
        ResourceNotFoundException => $"Set Bedrock:ModelId to a model of {region}, or Bedrock:Region to one that has it",
        ValidationException when exception.Message.Contains("inference profile", StringComparison.OrdinalIgnoreCase) || exception.Message.Contains("on-demand", StringComparison.OrdinalIgnoreCase) =>
            $"The region has the model through an inference profile only: set Bedrock:ModelId to {Profile(region)}{modelId}",
        ValidationException => $"Set Bedrock:ModelId to a model of {region} that has the Converse API",
        ThrottlingException => "Credentials and model are right; wait, or raise the account's quota for the model (Service Quotas, Amazon Bedrock)",
        ModelNotReadyException or ServiceUnavailableException or InternalServerException or ModelTimeoutException or ModelErrorException => "Credentials are right; try again in a while",
        AmazonServiceException { ErrorCode: "UnrecognizedClientException" or "InvalidSignatureException" or "InvalidClientTokenId" or "ExpiredTokenException" or "ExpiredToken" } => Credentials,
        AmazonServiceException { InnerException: HttpRequestException } => "See that this machine reaches Bedrock's endpoint (AWS_ENDPOINT_URL_BEDROCK_RUNTIME, proxy), and that the region is one with Bedrock",
        AmazonServiceException => "See the message",
        _ when exception.Message.Contains("region", StringComparison.OrdinalIgnoreCase) => "Set Bedrock:Region, such as us-east-1",
        _ => Credentials,
    };

    private static string Profile(string region) => region.Split('-')[0] switch
    {
        "eu" => "eu.",
        "ap" => "apac.",
        _ => "us.",
    };
}
