using System.Globalization;
using System.Text.RegularExpressions;

namespace AlertResponder.Analysis.Rules.Nodes;

/// <summary>What the scheduler says about a pod that fits nowhere.</summary>
/// <param name="Nodes">How many nodes there are; null where the message does not say.</param>
/// <param name="Obstacles">What is in the way, the one with most nodes first.</param>
internal sealed partial record SchedulerMessage(int? Nodes, IReadOnlyList<Obstacle> Obstacles)
{
    private static readonly (Regex Pattern, ObstacleKind Kind)[] Kinds =
    [
        (Resource(), ObstacleKind.Resource),
        (Taint(), ObstacleKind.Taint),
        (Affinity(), ObstacleKind.Affinity),
        (Claim(), ObstacleKind.Claim),
        (Volume(), ObstacleKind.Volume),
        (Cordoned(), ObstacleKind.Cordoned),
        (Spread(), ObstacleKind.Spread),
        (Ports(), ObstacleKind.Ports),
        (Pods(), ObstacleKind.Pods),
    ];

    /// <summary>Reads a FailedScheduling message; what it does not know is kept in the scheduler's own words.</summary>
    public static SchedulerMessage Parse(string message)
    {
        var text = Wording.OneLine(message);

        // What preemption could not do repeats the same nodes with less said.
        var preemption = text.IndexOf(" preemption:", StringComparison.OrdinalIgnoreCase);
        if (preemption > 0)
            text = text[..preemption];

        var head = Head().Match(text);
        var parts = Comma().Split(head.Success ? text[head.Length..] : text)
            .Select(part => part.Trim().TrimEnd('.'))
            .Where(part => part.Length > 0)
            .Select(Read)
            .OrderByDescending(obstacle => obstacle.Nodes ?? int.MaxValue);
        return new SchedulerMessage(head.Success ? int.Parse(head.Groups["all"].ValueSpan, CultureInfo.InvariantCulture) : null, [.. parts]);
    }

    private static Obstacle Read(string part)
    {
        var counted = Counted().Match(part);
        int? nodes = counted.Success ? int.Parse(counted.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) : null;
        var rest = counted.Success ? counted.Groups["rest"].Value : part;
        foreach (var (pattern, kind) in Kinds)
        {
            var match = pattern.Match(rest);
            if (match.Success)
                return new Obstacle(nodes, kind, match.Groups["detail"].Value.Trim(' ', ':'), rest);
        }

        return new Obstacle(nodes, ObstacleKind.Other, "", rest);
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"^0/(?<all>\d{1,6}) nodes are available: ", Options, 1000)]
    private static partial Regex Head();

    [GeneratedRegex(@", (?![^{]*\})", Options, 1000)]
    private static partial Regex Comma();

    [GeneratedRegex(@"^(?<n>\d{1,6}) (?<rest>.+)$", Options, 1000)]
    private static partial Regex Counted();

    [GeneratedRegex(@"^Insufficient (?<detail>\S+)$", Options, 1000)]
    private static partial Regex Resource();

    [GeneratedRegex(@"\btaint \{(?<detail>[^}]*)\}|\btaint$|had taints that the pod didn't tolerate", Options, 1000)]
    private static partial Regex Taint();

    [GeneratedRegex(@"didn't match Pod's node (affinity|selector)|didn't match node selector", Options, 1000)]
    private static partial Regex Affinity();

    [GeneratedRegex(@"unbound immediate PersistentVolumeClaims|persistentvolumeclaim ""?(?<detail>[\w.-]+)""? (not found|is being deleted)|didn't find available persistent volumes to bind", Options, 1000)]
    private static partial Regex Claim();

    [GeneratedRegex("volume node affinity conflict|exceed max volume count|volume zone|match PersistentVolume's node affinity", Options, 1000)]
    private static partial Regex Volume();

    [GeneratedRegex(@"node\(s\) were unschedulable", Options, 1000)]
    private static partial Regex Cordoned();

    [GeneratedRegex("(?<detail>topology spread constraints|(existing pods )?(pod )?anti-affinity( rules)?|pod affinity( rules)?)", Options, 1000)]
    private static partial Regex Spread();

    [GeneratedRegex("free ports", Options, 1000)]
    private static partial Regex Ports();

    [GeneratedRegex("^Too many pods$", Options, 1000)]
    private static partial Regex Pods();
}

/// <summary>One thing that keeps a pod off some nodes.</summary>
/// <param name="Nodes">How many; null when it is about the pod itself.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">The resource, taint or claim; empty where there is none.</param>
/// <param name="Words">The scheduler's own.</param>
internal sealed record Obstacle(int? Nodes, ObstacleKind Kind, string Detail, string Words)
{
    /// <summary><c>2 nodes lack memory</c>.</summary>
    public override string ToString()
    {
        var nodes = Wording.Count(Nodes ?? 0, "node");
        var one = Nodes == 1;
        return (Kind, Nodes) switch
        {
            (ObstacleKind.Claim, _) when Detail.Length > 0 => $"PersistentVolumeClaim {Detail} is not there",
            (ObstacleKind.Claim, _) => "a PersistentVolumeClaim is not bound",
            (_, null) => Words,
            (ObstacleKind.Resource, _) => $"{nodes} {(one ? "lacks" : "lack")} {Detail}",
            (ObstacleKind.Taint, _) when Detail.Length > 0 => $"{nodes} {(one ? "has" : "have")} the taint {Detail}",
            (ObstacleKind.Taint, _) => $"{nodes} {(one ? "has" : "have")} a taint that it does not tolerate",
            (ObstacleKind.Affinity, _) => $"{nodes} {(one ? "does" : "do")} not match its node selector or affinity",
            (ObstacleKind.Volume, _) when Words.Contains("affinity", StringComparison.Ordinal) => $"{nodes} cannot reach its volume (node affinity)",
            (ObstacleKind.Volume, _) => $"{nodes} cannot attach its volume",
            (ObstacleKind.Cordoned, _) => $"{nodes} {(one ? "is" : "are")} cordoned",
            (ObstacleKind.Spread, _) => $"{nodes} {(one ? "breaks" : "break")} its {(Detail.StartsWith("existing", StringComparison.Ordinal) ? "anti-affinity rules with other pods" : Detail)}",
            (ObstacleKind.Ports, _) => $"{nodes} {(one ? "has" : "have")} its host port taken",
            (ObstacleKind.Pods, _) => $"{nodes} {(one ? "has" : "have")} the maximum number of pods",
            _ => $"{nodes}: {Words}",
        };
    }
}

internal enum ObstacleKind
{
    Other,
    Resource,
    Taint,
    Affinity,
    Claim,
    Volume,
    Cordoned,
    Spread,
    Ports,
    Pods,
}
