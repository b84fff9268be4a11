using System.Text.Json;

namespace AlertResponder.Simulators.Bedrock;

/// <summary>What Bedrock demands of a Converse request.</summary>
internal static class ConverseRules
{
    /// <summary>The first thing that is wrong, in Bedrock's manner; null when all is in order.</summary>
    public static string? Violation(JsonElement request)
    {
        if (Array(request, "messages") is not { } messages)
            return "1 validation error detected: Value null at 'messages' failed to satisfy constraint: Member must not be null";
        if (messages.GetArrayLength() == 0 || Role(messages[0]) != "user")
            return "A conversation must start with a user message. Try again with a conversation that starts with a user message.";
        return messages.EnumerateArray()
                .Select((message, index) => MessageViolation(messages, message, index))
                .FirstOrDefault(violation => violation is not null)
            ?? SystemViolation(request)
            ?? InferenceViolation(request);
    }

    private static string? MessageViolation(JsonElement messages, JsonElement message, int index)
    {
        if (Role(message) is not ("user" or "assistant"))
        {
            return $"Value at 'messages.{index}.member.role' failed to satisfy constraint: "
                + "Member must satisfy enum value set: [user, assistant]";
        }

        if (index > 0 && Role(messages[index - 1]) == Role(message))
        {
            return "A conversation must alternate between user and assistant roles. "
                + "Make sure the conversation alternates between user and assistant roles and try again.";
        }

        return Array(message, "content") is { } content && content.GetArrayLength() > 0
            ? BlankText(content, $"messages.{index}.content")
            : $"The content field in the Message object at messages.{index} is empty. "
                + "Add a ContentBlock object to the content field and try again.";
    }

    private static string? SystemViolation(JsonElement request) =>
        Array(request, "system") is { } system ? BlankText(system, "system") : null;

    private static string? BlankText(JsonElement content, string at) => content.EnumerateArray()
        .Select((block, index) => block.TryGetProperty("text", out var text) && string.IsNullOrWhiteSpace(text.GetString())
            ? $"The text field in the ContentBlock object at {at}.{index} is blank. Add text to the text field, and try again."
            : null)
        .FirstOrDefault(violation => violation is not null);

    private static string? InferenceViolation(JsonElement request)
    {
        if (!request.TryGetProperty("inferenceConfig", out var config) || config.ValueKind != JsonValueKind.Object)
            return null;
        if (Number(config, "maxTokens") is < 1)
            return "Value at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1";
        if (Number(config, "temperature") is < 0 or > 1)
            return "Value at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value between 0 and 1";
        return Number(config, "topP") is < 0 or > 1
            ? "Value at 'inferenceConfig.topP' failed to satisfy constraint: Member must have value between 0 and 1"
            : null;
    }

    private static JsonElement? Array(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value
            : null;

    private static double? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string? Role(JsonElement message) => message.TryGetProperty("role", out var role) ? role.GetString() : null;
}
