using Newtonsoft.Json;

namespace SlackNet;

internal sealed class SlackUrlBuilder(SlackJsonSettings jsonSettings) : ISlackUrlBuilder
{
    public string Url(string apiMethod, Dictionary<string, object> args)
    {
        var query = args.Where(arg => arg.Value is not null).Select(arg => $"{arg.Key}={Uri.EscapeDataString(Text(arg.Value))}");

        return $"https://slack.com/api/{apiMethod}{(args.Count > 0 ? "?" : "")}{string.Join('&', query)}";
    }

    private string Text(object value) => value as string ?? JsonConvert.SerializeObject(value, jsonSettings.SerializerSettings).Trim('"');
}
