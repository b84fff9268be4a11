namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>It stays the same time; only waiting takes as long as ever.</summary>
internal sealed class ScenarioClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
