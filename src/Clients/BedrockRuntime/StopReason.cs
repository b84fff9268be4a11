using Amazon.Runtime;

namespace Amazon.BedrockRuntime;

/// <summary>Why the model stopped. The service may answer a value that is not listed here.</summary>
public sealed class StopReason(string value) : ConstantClass(value)
{
    public static readonly StopReason Content_filtered = new("content_filtered");

    public static readonly StopReason End_turn = new("end_turn");

    public static readonly StopReason Guardrail_intervened = new("guardrail_intervened");

    public static readonly StopReason Max_tokens = new("max_tokens");

    public static readonly StopReason Stop_sequence = new("stop_sequence");

    public static readonly StopReason Tool_use = new("tool_use");

    public static StopReason FindValue(string value) => FindValue<StopReason>(value);

    public static implicit operator StopReason(string value) => FindValue(value);
}
