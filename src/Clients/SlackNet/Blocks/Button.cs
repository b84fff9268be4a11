using Newtonsoft.Json;

namespace SlackNet.Blocks;

public sealed class Button() : ActionElement("button")
{
    /// <summary>At most 75 characters.</summary>
    public PlainText Text { get; set; }

    /// <summary>Opened by a click, which is reported nevertheless.</summary>
    public string Url { get; set; }

    /// <summary>Reported with a click; at most 2,000 characters.</summary>
    public string Value { get; set; }

    /// <summary>The default must not be sent: Slack does not know its name.</summary>
    [JsonProperty(DefaultValueHandling = DefaultValueHandling.Ignore)]
    public ButtonStyle Style { get; set; }
}
