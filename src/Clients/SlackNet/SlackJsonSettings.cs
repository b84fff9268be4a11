using Newtonsoft.Json;

namespace SlackNet;

/// <summary>How Slack's JSON is written and read.</summary>
public sealed class SlackJsonSettings(JsonSerializerSettings settings)
{
    public JsonSerializerSettings SerializerSettings { get; } = settings;
}
