using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Reuse;

/// <summary>
/// Evidence without what varies between two firings of the same trouble. What matters stays: limits, exit codes, images, names of what is
/// missing, the shape of log lines; what is not known to vary is taken to matter.
/// </summary>
internal sealed partial class EvidenceSignature
{
    private const int MostLogLines = 6;

    private static readonly HashSet<string> VaryingFacts = new(StringComparer.Ordinal)
    {
        FactNames.RestartCount, FactNames.Count, FactNames.Node, FactNames.LastStartedAt, FactNames.LastFinishedAt, FactNames.StartedAt, FactNames.CreatedAt,
        FactNames.DeletedAt, FactNames.ReadySince, FactNames.ReadyReplicas, FactNames.UpdatedReplicas, FactNames.AvailableReplicas, FactNames.CurrentReplicas,
        FactNames.CurrentHealthy, FactNames.Active, FactNames.Failed, FactNames.Succeeded, FactNames.Generation, FactNames.ObservedGeneration, FactNames.Revision,
        FactNames.LastScheduledAt, FactNames.LastSuccessfulAt, FactNames.NotAfter, FactNames.ReadyEndpoints, FactNames.NotReadyEndpoints, FactNames.KubeletVersion,
        FactNames.AllocatableCpu, FactNames.AllocatableMemory, FactNames.AllocatablePods, FactNames.UsedCpu, FactNames.UsedMemory, FactNames.Started,
    };

    private static readonly HashSet<string> Sentences = new(StringComparer.Ordinal) { FactNames.Message, FactNames.LastMessage };

    private readonly Dictionary<string, string> shapes;

    private EvidenceSignature(string hash, Varying varying, Dictionary<string, string> shapes)
    {
        Hash = hash;
        Varying = varying;
        this.shapes = shapes;
        Stable = string.Join('\n', shapes.Values);
    }

    /// <summary>The same for the same trouble of the same subject, asked in the same way.</summary>
    public string Hash { get; }

    public Varying Varying { get; }

    /// <summary>Everything that is in the signature: what an answer may speak of when it is to be used again.</summary>
    public string Stable { get; }

    /// <param name="context">The evidence.</param>
    /// <param name="rules">What the rules say of it: where they say something else, it is something else.</param>
    /// <param name="asked">Model and system prompt: another question gets another answer.</param>
    public static EvidenceSignature Of(ContextEnriched context, RulesDiagnosis rules, params ReadOnlySpan<string> asked)
    {
        var varying = new Varying(context);
        var shapes = context.Evidence.DistinctBy(item => item.Id, StringComparer.Ordinal).ToDictionary(item => item.Id, item => Shape(item, context, varying), StringComparer.Ordinal);
        var text = new StringBuilder().AppendJoin('\n', asked).Append('\n').Append(context.Subject).Append('\n')
            .Append(rules.IsCertain).Append(' ').AppendJoin(' ', rules.Diagnosis.Findings.Select(finding => finding.Rule).Distinct(StringComparer.Ordinal)).Append('\n')
            .AppendJoin(' ', rules.OfferedActions.Select(action => action.Kind).Distinct(StringComparer.Ordinal)).Append('\n')
            .AppendJoin('\n', context.Unread.Select(unread => varying.Shape($"{unread.What}: {unread.Reason}")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)).Append('\n')
            .AppendJoin('\n', context.Evidence.Where(item => Matters(item, context)).Select(item => shapes[item.Id]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return new EvidenceSignature(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))), varying, shapes);
    }

    /// <summary>The item without what varies; null when there is none by this id.</summary>
    public string? ShapeOf(string evidenceId) => shapes.GetValueOrDefault(evidenceId);

    /// <summary>News of what goes well comes and goes; so does a second log of a container whose last run is there to read.</summary>
    private static bool Matters(Evidence item, ContextEnriched context) => item.Kind switch
    {
        EvidenceKind.Usage => false,
        EvidenceKind.Event => item.Fact(FactNames.Type) != "Normal",
        EvidenceKind.Node => context.Subject.Kind == "Node" || item.Fact(FactNames.Ready) != "true" || item.Fact(FactNames.Taints) is not null,
        EvidenceKind.Log => !context.Evidence.Any(other => other.Kind == EvidenceKind.PreviousLog && other.Source == item.Source),
        _ => true,
    };

    private static string Shape(Evidence item, ContextEnriched context, Varying varying)
    {
        var source = Varying.IsBornAnew(item.Source, context.Subject) ? item.Source with { Name = "‹name›", Uid = null } : item.Source with { Name = varying.Name(item.Source.Name), Uid = null };
        return $"{item.Kind} {source}: {Said(item, varying)}";
    }

    private static string Said(Evidence item, Varying varying) => item.Kind switch
    {
        EvidenceKind.Log or EvidenceKind.PreviousLog => LogShape(item.Text, varying),
        EvidenceKind.Alert => varying.Shape(item.Text),
        EvidenceKind.Event => $"{item.Fact(FactNames.Reason)} {varying.Text(item.Said())}",
        _ when item.Facts.Count > 0 => string.Join("; ", item.Facts.Where(fact => IsSaid(fact.Key, fact.Value)).OrderBy(fact => fact.Key, StringComparer.Ordinal)
            .Select(fact => $"{fact.Key}={(Sentences.Contains(fact.Key) ? varying.Text(fact.Value) : varying.Name(fact.Value))}")),
        _ => varying.Shape(item.Text),
    };

    private static bool IsSaid(string name, string value) =>
        !VaryingFacts.Contains(name)
        && !name.StartsWith(FactNames.UsedPrefix, StringComparison.Ordinal)
        && !(value.Length > 10 && value.EndsWith('Z') && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _));

    /// <summary>The last lines that speak of an error, and the last line.</summary>
    private static string LogShape(string log, Varying varying)
    {
        string[] lines = [.. log.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        return string.Join(" / ", lines.Where((line, index) => index == lines.Length - 1 || Error().IsMatch(line)).Select(varying.Shape).Distinct(StringComparer.Ordinal).TakeLast(MostLogLines));
    }

    [GeneratedRegex(
        "error|exception|fatal|panic|fail|denied|refused|timeout|timed out|cannot|could not|unable|not found|no such|missing|invalid|killed|out of|exhausted",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Error();
}
