using Google.Protobuf;

namespace AlertResponder.Tests.Unit.Tracing;

/// <summary>A span as a collector receives it.</summary>
internal sealed record ReceivedSpan(
    string TraceId,
    string Id,
    string ParentId,
    string Name,
    string Source,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyDictionary<string, string> Resource,
    IReadOnlyList<string> LinkedTraceIds,
    int Events,
    bool HasFailed)
{
    /// <summary>The roles of the process that made it.</summary>
    public string Roles => Resource["alert_responder.roles"];

    public string? Attribute(string name) => Attributes.GetValueOrDefault(name);

    /// <summary>Reads an <c>ExportTraceServiceRequest</c>, whose classes no package has. Source of the numbers: opentelemetry-proto's trace.proto, common.proto.</summary>
    public static IEnumerable<ReceivedSpan> Read(byte[] request) =>
        from resourceSpans in Messages(request, 1)
        let resource = Messages(resourceSpans, 1).Select(message => AttributesOf(message, 1)).Single()
        from scopeSpans in Messages(resourceSpans, 2)
        let source = Messages(scopeSpans, 1).Select(message => Text(message, 1)).Single()
        from span in Messages(scopeSpans, 2)
        select new ReceivedSpan(
            Hex(span, 1),
            Hex(span, 2),
            Hex(span, 4),
            Text(span, 5),
            source,
            AttributesOf(span, 9),
            resource,
            [.. Messages(span, 13).Select(link => Hex(link, 1))],
            Messages(span, 11).Count(),
            Messages(span, 15).Any(status => Number(status, 3) == 2));

    private static Dictionary<string, string> AttributesOf(byte[] message, int field) =>
        Messages(message, field).ToDictionary(pair => Text(pair, 1), pair => Value(Messages(pair, 2).SingleOrDefault([])), StringComparer.Ordinal);

    private static string Value(byte[] any) => Messages(any, 1).Any() ? Text(any, 1) : Number(any, 3).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(byte[] message, int field) => System.Text.Encoding.UTF8.GetString(Messages(message, field).SingleOrDefault([]));

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Messages(message, field).SingleOrDefault([]));

    private static long Number(byte[] message, int field) => Fields(message).Where(found => found.Field == field).Select(found => found.Number).SingleOrDefault();

    private static IEnumerable<byte[]> Messages(byte[] message, int field) =>
        Fields(message).Where(found => found.Field == field && found.Bytes is not null).Select(found => found.Bytes!);

    private static List<(int Field, byte[]? Bytes, long Number)> Fields(byte[] message)
    {
        List<(int, byte[]?, long)> fields = [];
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            fields.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.LengthDelimited => (field, input.ReadBytes().ToByteArray(), 0),
                WireFormat.WireType.Varint => (field, null, input.ReadInt64()),
                WireFormat.WireType.Fixed64 => (field, null, (long)input.ReadFixed64()),
                WireFormat.WireType.Fixed32 => (field, null, input.ReadFixed32()),
                var other => throw new InvalidOperationException($"Field {field} is a {other}."),
            });
        }

        return fields;
    }
}
