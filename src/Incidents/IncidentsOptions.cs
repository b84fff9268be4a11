namespace AlertResponder.Incidents;

/// <summary>Section <c>Incidents</c>.</summary>
public sealed class IncidentsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Incidents";

    private const int FewestDays = 1;
    private const int MostDays = 3650;

    /// <summary>How long a resolved incident is kept, in days.</summary>
    public int RetentionDays { get; set; } = 90;

    internal bool IsInRange => RetentionDays is >= FewestDays and <= MostDays;

    internal static string RangeError => $"{Section}:RetentionDays must be between {FewestDays} and {MostDays} days.";
}
