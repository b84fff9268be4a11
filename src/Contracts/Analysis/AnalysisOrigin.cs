using System.Text.Json.Serialization;

namespace AlertResponder.Contracts;

/// <summary>Where a diagnosis came from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnalysisOrigin>))]
public enum AnalysisOrigin
{
    /// <summary>The rules alone, at no cost.</summary>
    Rules,

    /// <summary>The model, on top of the rules' findings.</summary>
    Model,

    /// <summary>An earlier analysis of the same evidence.</summary>
    Reused,
}
