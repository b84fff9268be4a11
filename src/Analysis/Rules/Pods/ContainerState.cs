using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>One container as its pod's status shows it.</summary>
internal sealed record ContainerState(Evidence Evidence)
{
    public string Id => Evidence.Id;

    public string Pod => Evidence.Source.Name;

    public string Name => Evidence.Source.Container ?? Evidence.Source.Name;

    /// <summary>How a sentence calls it.</summary>
    public string Label => IsInit ? $"init container {Name}" : Name;

    public bool IsInit => Evidence.Flag(FactNames.Init) == true;

    public bool IsWaiting => Evidence.Fact(FactNames.State) == "waiting";

    public bool IsRunning => Evidence.Fact(FactNames.State) == "running";

    public bool IsTerminated => Evidence.Fact(FactNames.State) == "terminated";

    public bool? IsReady => Evidence.Flag(FactNames.Ready);

    public string? Reason => Evidence.Fact(FactNames.Reason);

    public string? Message => Evidence.Fact(FactNames.Message);

    public int Restarts => Evidence.Number(FactNames.RestartCount) ?? 0;

    public string? MemoryLimit => Evidence.Fact(FactNames.MemoryLimit);

    public string? Image => Evidence.Fact(FactNames.Image);

    public bool IsCrashLooping => IsWaiting && Reason == "CrashLoopBackOff";

    /// <summary>Nothing is wrong with it at this moment.</summary>
    public bool IsHealthy =>
        IsRunning ? IsReady != false || IsInit
        : IsTerminated && Evidence.Number(FactNames.ExitCode) == 0 && Reason is null or "Completed";

    /// <summary>How its last run ended; null while the first run goes on.</summary>
    public RunEnd? LastEnd =>
        IsTerminated
            ? new RunEnd(Evidence.Number(FactNames.ExitCode), Reason, Message, Evidence.Time)
            : Evidence.Fact(FactNames.LastReason) is null && Evidence.Number(FactNames.LastExitCode) is null
                ? null
                : new RunEnd(
                    Evidence.Number(FactNames.LastExitCode),
                    Evidence.Fact(FactNames.LastReason),
                    Evidence.Fact(FactNames.LastMessage),
                    Evidence.Instant(FactNames.LastFinishedAt));

    /// <summary>
    /// Whether the end of the last run is why the container is as it is. An end before <paramref name="window"/> is an old story
    /// once the container runs again, and so is any end when the container waits for something else, such as its image.
    /// </summary>
    public bool LastEndMatters(DateTimeOffset now, TimeSpan window)
    {
        if (LastEnd is not { } end)
            return false;
        if (IsTerminated || IsCrashLooping)
            return true;
        if (IsWaiting && Reason is not null)
            return false;
        return end.FinishedAt is { } finished ? now - finished <= window : !IsHealthy;
    }
}

/// <summary>The end of a container's run.</summary>
internal sealed record RunEnd(int? ExitCode, string? Reason, string? Message, DateTimeOffset? FinishedAt);
