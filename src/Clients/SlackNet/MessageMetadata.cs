using Newtonsoft.Json.Linq;

namespace SlackNet;

/// <summary>Data that travels with a message and is not shown. Whoever can read the channel through the API can read it.</summary>
/// <remarks>https://docs.slack.dev/messaging/message-metadata/ A text that looks like an ISO 8601 date is read back as a date.</remarks>
public sealed class MessageMetadata
{
    /// <summary>What the data is; an app chooses its own names.</summary>
    public string EventType { get; set; }

    /// <summary>An object.</summary>
    public JToken EventPayload { get; set; }
}
