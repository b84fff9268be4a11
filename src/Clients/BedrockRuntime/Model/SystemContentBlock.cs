namespace Amazon.BedrockRuntime.Model;

public sealed class SystemContentBlock
{
    public string Text { get; set; }
}
