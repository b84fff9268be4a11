namespace Amazon.BedrockRuntime.Model;

/// <summary>How to sample. What is null is left to the model's default.</summary>
public sealed class InferenceConfiguration
{
    /// <summary>The longest answer, in tokens.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>0 (repeatable) to 1.</summary>
    public float? Temperature { get; set; }
}
