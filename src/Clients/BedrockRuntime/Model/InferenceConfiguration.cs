namespace Amazon.BedrockRuntime.Model;

/// <summary>How to sample. What is null is left to the model's default.</summary>
public sealed class InferenceConfiguration
{
    /// <summary>The longest answer, in tokens.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>Texts that end the answer where the model writes them; at most 4 for the Nova models.</summary>
    public List<string> StopSequences { get; set; }

    /// <summary>0 (repeatable) to 1.</summary>
    public float? Temperature { get; set; }

    /// <summary>0 to 1: the share of the probability to sample from.</summary>
    public float? TopP { get; set; }
}
