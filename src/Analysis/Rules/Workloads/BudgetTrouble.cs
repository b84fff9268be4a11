using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Workloads;

/// <summary>A PodDisruptionBudget below its mark, or one that allows no eviction at all.</summary>
internal static partial class BudgetTrouble
{
    public const string Name = "disruption-budget";

    public static IEnumerable<Verdict> Check(CaseFile file)
    {
        if (file.FiringAlert(About()) is null)
            yield break;
        foreach (var budget in file.Of(EvidenceKind.DisruptionBudget).Where(item => item.Number(FactNames.DisruptionsAllowed) == 0))
        {
            var (current, desired) = (budget.Number(FactNames.CurrentHealthy) ?? 0, budget.Number(FactNames.DesiredHealthy) ?? 0);
            var lacks = current < desired;
            var cause = lacks
                ? $"PodDisruptionBudget {budget.Source.Name} has {current} of {desired} healthy pods that it asks for"
                : $"PodDisruptionBudget {budget.Source.Name} allows no eviction: it asks for {desired} healthy pods and has {current}";
            yield return new Verdict(
                Name,
                Wording.Cause(cause),
                $"{Wording.Sentence(cause)} {(lacks ? "Pods are missing or not ready; drains wait for them." : "A drain of their nodes waits for ever: more replicas or a looser budget are needed.")}",
                Wording.Sentence(cause),
                Severity.Warning,
                Confidence.High,
                [budget.Id],
                [Actions.Describe(budget.Source, budget.Id)])
            {
                IsConsequence = lacks,
                IsAlerted = file.IsAlerted(budget.Source),
                Marks = ["budget", "pdb", "evict", "healthy", "disruption"],
            };
        }
    }

    [GeneratedRegex("Pdb|PDB|DisruptionBudget|Drain", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex About();
}
