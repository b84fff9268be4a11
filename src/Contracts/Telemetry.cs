namespace AlertResponder.Contracts;

/// <summary>What the stages' instruments have in common.</summary>
public static class Telemetry
{
    /// <summary>The <see cref="System.Diagnostics.Metrics.Meter"/> whose instruments <c>/metrics</c> shows; each stage has one by this name.</summary>
    public const string MeterName = "AlertResponder";
}
