using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace SlackNet.WebApi;

/// <summary>What all answers have: whether the call succeeded, and the rest.</summary>
internal sealed class WebApiResponse
{
    public bool Ok { get; set; }

    [JsonExtensionData]
    public JObject Data { get; set; }
}
