namespace AlertResponder.Tests.Unit.Simulators;

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class SettableTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 8, 11, 16, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
