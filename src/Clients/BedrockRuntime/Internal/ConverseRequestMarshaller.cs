using System.Text.Json;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Util;

namespace Amazon.BedrockRuntime.Internal;

/// <summary>POST /model/{modelId}/converse. A null member or list is left out: the service refuses nulls.</summary>
internal sealed class ConverseRequestMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public static readonly ConverseRequestMarshaller Instance = new();

    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var converse = (ConverseRequest)input;
        if (converse.ModelId is null)
            throw new AmazonBedrockRuntimeException("A Converse request needs a ModelId.");

        var request = new DefaultRequest(converse, "Amazon.BedrockRuntime")
        {
            HttpMethod = "POST",
            ResourcePath = "/model/{modelId}/converse",
            Content = Body(converse),
        };
        request.AddPathResource("{modelId}", converse.ModelId);
        request.Headers[HeaderKeys.ContentTypeHeader] = "application/json";
        request.Headers[HeaderKeys.XAmzApiVersion] = "2023-09-30";
        return request;
    }

    private static byte[] Body(ConverseRequest converse)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            Write(json, converse.InferenceConfig);
            WriteArray(json, "messages", converse.Messages, Write);
            WriteArray(json, "system", converse.System, static (json, block) => WriteText(json, block.Text));
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private static void Write(Utf8JsonWriter json, InferenceConfiguration inference)
    {
        if (inference is null)
            return;

        json.WriteStartObject("inferenceConfig");
        if (inference.MaxTokens is { } maxTokens)
            json.WriteNumber("maxTokens", maxTokens);
        if (inference.Temperature is { } temperature)
            json.WriteNumber("temperature", temperature);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Message message)
    {
        json.WriteStartObject();
        WriteArray(json, "content", message.Content, static (json, block) => WriteText(json, block.Text));
        if (message.Role is { } role)
            json.WriteString("role", role.Value);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        if (text is not null)
            json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, List<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items is null)
            return;

        json.WriteStartArray(name);
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
    }
}
