using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>What happened to an incident besides a new analysis.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IncidentChange>))]
public enum IncidentChange
{
    /// <summary>An alert joined it, or one of several resolved.</summary>
    Joined,
    Resolved,
    Reopened,

    /// <summary>A proposal was requested, made progress, or can no longer be executed.</summary>
    Remediated,
}
