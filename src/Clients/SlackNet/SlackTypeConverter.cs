using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using SlackNet.Blocks;
using SlackNet.Interaction;

namespace SlackNet;

/// <summary>
/// Reads what can be of several kinds by its <c>type</c>. An action that is not known here is a plain <see cref="BlockAction"/>; anything
/// else that is not known is null.
/// </summary>
internal sealed class SlackTypeConverter : JsonConverter
{
    public override bool CanWrite => false;

    public override bool CanConvert(Type objectType) =>
        objectType == typeof(InteractionRequest) || objectType == typeof(BlockAction) || objectType == typeof(TextObject);

    public override object ReadJson(JsonReader reader, Type objectType, object existingValue, JsonSerializer serializer)
    {
        if (reader.TokenType == JsonToken.Null)
            return null;

        var json = JObject.Load(reader);
        var value = Create(objectType, json.Value<string>("type"));
        if (value is not null)
            serializer.Populate(json.CreateReader(), value);
        return value;
    }

    public override void WriteJson(JsonWriter writer, object value, JsonSerializer serializer) => throw new NotSupportedException();

    private static object Create(Type objectType, string type) => (objectType.Name, type) switch
    {
        (nameof(InteractionRequest), "block_actions") => new BlockActionRequest(),
        (nameof(BlockAction), "button") => new ButtonAction(),
        (nameof(BlockAction), _) => new BlockAction(),
        (nameof(TextObject), "plain_text") => new PlainText(),
        (nameof(TextObject), "mrkdwn") => new Markdown(),
        _ => null,
    };
}
