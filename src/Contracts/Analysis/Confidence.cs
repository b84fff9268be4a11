using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>How sure the diagnosis is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Confidence>))]
public enum Confidence
{
    Low,
    Medium,
    High,
}
