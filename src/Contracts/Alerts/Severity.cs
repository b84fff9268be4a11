using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>How bad it is: of an alert what its labels say, of an incident what the diagnosis says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>Nothing is wrong, or no longer.</summary>
    Info,
    Warning,
    Critical,
}
