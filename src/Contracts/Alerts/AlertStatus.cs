using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>What Alertmanager says about an alert.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertStatus>))]
public enum AlertStatus
{
    Firing,
    Resolved,
}
