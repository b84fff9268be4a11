using System.Collections;
using System.Text.Json;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;

namespace Amazon.BedrockRuntime.Internal;

/// <summary>Reads the next value, whose name has been read.</summary>
internal delegate void MemberReader<in T>(T target, JsonUnmarshallerContext context, ref StreamingUtf8JsonReader reader);

/// <summary>A JSON object as a table: the members it may have, and how each is read. What it does not list is passed over.</summary>
internal sealed class ObjectUnmarshaller<T> : IJsonUnmarshaller<T, JsonUnmarshallerContext>, IEnumerable
    where T : class, new()
{
    private readonly List<(string Name, MemberReader<T> Read)> _members = [];

    public void Add(string name, MemberReader<T> read) => _members.Add((name, read));

    public T Unmarshall(JsonUnmarshallerContext input, ref StreamingUtf8JsonReader reader)
    {
        if (input.IsEmptyResponse)
            return null;
        input.Read(ref reader);
        if (input.CurrentTokenType is JsonTokenType.Null)
            return null;

        var target = new T();
        UnmarshallInto(target, input, ref reader);
        return target;
    }

    /// <summary>Reads the members of the object whose start has been read.</summary>
    public void UnmarshallInto(T target, JsonUnmarshallerContext context, ref StreamingUtf8JsonReader reader)
    {
        var depth = context.CurrentDepth;
        while (context.ReadAtDepth(depth, ref reader))
        {
            foreach (var (name, read) in _members)
            {
                if (!context.TestExpression(name, depth, ref reader))
                    continue;
                read(target, context, ref reader);
                break;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => _members.GetEnumerator();
}
