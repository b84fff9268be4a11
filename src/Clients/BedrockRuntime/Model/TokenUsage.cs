namespace Amazon.BedrockRuntime.Model;

/// <summary>The tokens that this request is billed for.</summary>
public sealed class TokenUsage
{
    public int? InputTokens { get; set; }

    public int? OutputTokens { get; set; }
}
