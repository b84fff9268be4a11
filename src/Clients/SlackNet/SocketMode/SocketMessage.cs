using Newtonsoft.Json.Linq;

namespace SlackNet.SocketMode;

/// <summary>What comes over a socket: an envelope, a greeting or a warning; the latter two have no id.</summary>
internal sealed record SocketMessage(string Type, string EnvelopeId, JObject Payload);

internal sealed record Acknowledgement(string EnvelopeId);
