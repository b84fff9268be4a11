namespace Amazon.BedrockRuntime.Model;

/// <summary>The tokens that this request is billed for.</summary>
public sealed class TokenUsage
{
    /// <summary>Read from the prompt cache instead of being processed again.</summary>
    public int? CacheReadInputTokens { get; set; }

    /// <summary>Written to the prompt cache.</summary>
    public int? CacheWriteInputTokens { get; set; }

    public int? InputTokens { get; set; }

    public int? OutputTokens { get; set; }

    public int? TotalTokens { get; set; }
}
