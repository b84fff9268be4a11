namespace Amazon.BedrockRuntime.Model;

/// <summary>A part of a message. Of the union that the API knows, only text.</summary>
public sealed class ContentBlock
{
    /// <summary>Null in an answer's block that is no text.</summary>
    public string Text { get; set; }
}
