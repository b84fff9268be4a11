using Newtonsoft.Json;

namespace SlackNet.Blocks;

public sealed class RichTextStyle
{
    [JsonProperty(DefaultValueHandling = DefaultValueHandling.Ignore)]
    public bool Bold { get; set; }

    [JsonProperty(DefaultValueHandling = DefaultValueHandling.Ignore)]
    public bool Code { get; set; }
}
