using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>What can go wrong when an action is executed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RiskClass>))]
public enum RiskClass
{
    /// <summary>Only reads.</summary>
    ReadOnly,

    /// <summary>Changes the cluster and can be undone.</summary>
    Reversible,

    /// <summary>Ends or removes something.</summary>
    Destructive,
}
