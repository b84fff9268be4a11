using AlertResponder.Resilience;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;

namespace AlertResponder.Analysis.Model;

/// <summary>A model on Amazon Bedrock, by the Converse API: text in, text out.</summary>
/// <remarks>https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html</remarks>
/// <param name="client">Made at the first call: without a region or credentials that fails, which costs the model only.</param>
/// <param name="upstream">Bedrock's pipeline.</param>
/// <param name="options">Model and prices.</param>
internal sealed class BedrockModel(Func<IAmazonBedrockRuntime> client, Upstream upstream, BedrockOptions options)
{
    /// <summary>Enough for the JSON asked for; bounds the cost of an answer that rambles.</summary>
    public const int MaxOutputTokens = 600;

    public string Id => options.ModelId;

    /// <summary>Until when the upstream is paused; null while calls go through.</summary>
    public DateTimeOffset? PausedUntil => upstream.PausedUntil;

    public decimal Cost(int inputTokens, int outputTokens) =>
        ModelPrice.Of(options.Prices, options.ModelId)?.Cost(inputTokens, outputTokens) ?? 0m;

    /// <summary>Sends the conversation so far and waits for the model's next turn.</summary>
    /// <exception cref="UpstreamPausedException">Bedrock's breaker is open; nothing was sent.</exception>
    /// <exception cref="Polly.Timeout.TimeoutRejectedException">The last try took too long.</exception>
    /// <exception cref="Amazon.Runtime.AmazonServiceException">Bedrock refused or failed.</exception>
    /// <exception cref="Amazon.Runtime.AmazonClientException">No credentials or no region; nothing was sent.</exception>
    public async Task<ModelReply> AskAsync(string systemPrompt, IReadOnlyList<Turn> turns, CancellationToken cancellationToken)
    {
        var response = await upstream.CallAsync(token => client().ConverseAsync(Request(systemPrompt, turns), token), cancellationToken);
        var text = string.Concat((response.Output?.Message?.Content ?? []).Select(block => block.Text));
        return new ModelReply(text, response.StopReason?.Value ?? "", response.Usage?.InputTokens ?? 0, response.Usage?.OutputTokens ?? 0);
    }

    private ConverseRequest Request(string systemPrompt, IReadOnlyList<Turn> turns) => new()
    {
        ModelId = options.ModelId,
        System = [new SystemContentBlock { Text = systemPrompt }],
        Messages =
        [
            .. turns.Select(turn => new Message
            {
                Role = turn.IsModel ? ConversationRole.Assistant : ConversationRole.User,
                Content = [new ContentBlock { Text = turn.Text }],
            }),
        ],
        InferenceConfig = new InferenceConfiguration { Temperature = 0, MaxTokens = MaxOutputTokens },
    };
}

/// <summary>One turn of a conversation.</summary>
internal sealed record Turn(bool IsModel, string Text);

/// <summary>The model's turn.</summary>
/// <param name="Text">What it wrote; possibly empty.</param>
/// <param name="StopReason">Why it stopped, in the API's words.</param>
/// <param name="InputTokens">Billed.</param>
/// <param name="OutputTokens">Billed.</param>
internal sealed record ModelReply(string Text, string StopReason, int InputTokens, int OutputTokens);
