using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>How bad it is, by the diagnosis (not the alert's label).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>Nothing is wrong, or no longer.</summary>
    Info,
    Warning,
    Critical,
}
