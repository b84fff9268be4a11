namespace AlertResponder.Incidents;

/// <summary>What any process may do now and then, and one at a time does.</summary>
public sealed class Duty
{
    /// <summary>The comparison with Alertmanager.</summary>
    public const string Comparison = "alertmanager-comparison";

    public required string Name { get; init; }

    /// <summary>When it is done next; while one process does it, until when that has it to itself.</summary>
    public DateTimeOffset DueAt { get; set; }
}
