using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>What a person asks for with a proposal.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RemediationVerb>))]
public enum RemediationVerb
{
    Execute,
    Preview,
    Undo,
}
