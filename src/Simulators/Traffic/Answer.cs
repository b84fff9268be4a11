using System.Text;
using System.Text.Json.Nodes;

namespace AlertResponder.Simulators.Traffic;

/// <summary>What goes back over the wire.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Null without a body.</param>
/// <param name="Content">The body's bytes.</param>
/// <param name="Unexpected">Why the request should not have been sent; null when it is in order.</param>
internal sealed record Answer(int Status, string? ContentType, ReadOnlyMemory<byte> Content, string? Unexpected = null)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes a body that comes bit by bit, until it is cancelled or done; null for one that is there at once.</summary>
    public Func<Stream, CancellationToken, Task>? Stream { get; init; }

    public static Answer Json(int status, JsonNode body, string contentType = "application/json") =>
        new(status, contentType, Encoding.UTF8.GetBytes(body.ToJsonString(JsonText.Options)));

    public static Answer Text(int status, string body, string contentType = "text/plain") =>
        new(status, contentType, Encoding.UTF8.GetBytes(body));
}
