namespace Amazon.BedrockRuntime.Model;

public sealed class ConverseOutput
{
    public Message Message { get; set; }
}
