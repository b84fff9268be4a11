using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Simulators.Cluster.Controllers;

/// <summary>
/// What the pods of one workload do from now on when they are made. The first rule that applies counts; without one they run: those of
/// Jobs to completion, others until they are told to stop.
/// </summary>
public sealed class PodScript
{
    private readonly Lock _lock = new();
    private readonly List<Rule> _rules = [];
    private string? _log;

    /// <summary>Containers whose memory limit is below this amount are killed for it (exit code 137), again and again.</summary>
    /// <param name="memory">A quantity such as <c>400Mi</c>.</param>
    /// <param name="log">What they log before; times may be relative.</param>
    /// <exception cref="FormatException">It is no quantity.</exception>
    public PodScript OomBelow(string memory, string log = "")
    {
        var needed = Quantity.Parse(memory) ?? throw new FormatException($"{memory} is no quantity.");
        return Add(new Rule(
            container => container.Text("resources", "limits", "memory") is { } limit && Quantity.Parse(limit) < needed,
            new ContainerEnd(137, "OOMKilled", log)));
    }

    /// <summary>Containers end with this exit code, again and again.</summary>
    /// <param name="exitCode">Not 0.</param>
    /// <param name="log">What they log before; times may be relative.</param>
    public PodScript ExitsWith(int exitCode, string log = "") => Add(new Rule(_ => true, new ContainerEnd(exitCode, "Error", log)));

    /// <summary>What containers log that are well; times may be relative.</summary>
    /// <param name="text">The whole log.</param>
    public PodScript Logs(string text)
    {
        lock (_lock)
            _log = text;
        return this;
    }

    /// <summary>All is well from now on.</summary>
    public PodScript Recover()
    {
        lock (_lock)
            _rules.Clear();
        return this;
    }

    internal ContainerEnd? EndOf(JsonObject container)
    {
        lock (_lock)
            return _rules.Find(rule => rule.AppliesTo(container))?.End;
    }

    internal string? Log
    {
        get
        {
            lock (_lock)
                return _log;
        }
    }

    private PodScript Add(Rule rule)
    {
        lock (_lock)
            _rules.Add(rule);
        return this;
    }

    private sealed record Rule(Func<JsonObject, bool> AppliesTo, ContainerEnd End);
}

/// <summary>How a container ends that should not.</summary>
internal sealed record ContainerEnd(int ExitCode, string Reason, string Log);
