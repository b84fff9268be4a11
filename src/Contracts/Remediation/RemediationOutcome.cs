using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>How a request ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RemediationOutcome>))]
public enum RemediationOutcome
{
    Applied,
    Refused,
    Failed,
    Verified,
    Ineffective,
    Undone,
}
