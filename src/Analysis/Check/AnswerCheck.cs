using System.Text.RegularExpressions;
using AlertResponder.Analysis.Model;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Check;

/// <summary>Takes from the model's answer what the evidence bears, and puts it together with the rules' diagnosis.</summary>
internal static partial class AnswerCheck
{
    /// <summary>The name of the finding that is the model's claim.</summary>
    public const string ModelFinding = "model";

    private const int MostSentences = 3;
    private const int MostCommands = 5;
    private const int LongestSentence = 300;

    /// <returns>The joint diagnosis; null when the answer contradicts the evidence or nothing of it is borne by it.</returns>
    public static CheckedAnswer? Check(ModelAnswer answer, ContextEnriched context, RulesDiagnosis rules)
    {
        var cause = Wording.OneLine(answer.Cause);
        if (Contradicts(answer, cause, rules))
            return null;

        var grounding = new Grounding(context, rules);
        string[] claimed = [.. SentenceBorder().Split(Wording.OneLine(answer.Explanation)).Where(sentence => sentence.Length > 0)];
        string[] sentences = [.. claimed.Where(sentence => sentence.Length <= LongestSentence && !ClaimsHealth(sentence) && grounding.Foreign(sentence) is null)];
        var isCauseBorne = grounding.Foreign(cause) is null;
        if (!isCauseBorne && sentences.Length == 0)
            return null;

        var dropped = claimed.Length - sentences.Length + (isCauseBorne ? 0 : 1);
        var claim = isCauseBorne ? cause : sentences[0];
        string[] ids = [.. answer.EvidenceIds.Distinct(StringComparer.Ordinal).Where(id => context.Evidence.Any(item => item.Id == id))];
        return new CheckedAnswer(
            new Diagnosis(
                isCauseBorne ? Wording.Cause(cause) : rules.Diagnosis.Cause,
                sentences.Length > 0 ? string.Join(' ', sentences.Take(MostSentences)) : rules.Diagnosis.Explanation,
                (Severity)Math.Max((int)answer.Severity, (int)rules.Diagnosis.Severity),
                Confidence(answer, rules, dropped),
                ids.Length == 0 ? rules.Diagnosis.Findings : [.. rules.Diagnosis.Findings, new Finding(ModelFinding, Wording.Sentence(claim), ids)]),
            Actions(answer, rules),
            Commands(answer, rules, grounding),
            dropped);
    }

    /// <summary>A certain rule is not argued away: not by calling the subject healthy, not by speaking of something else.</summary>
    private static bool Contradicts(ModelAnswer answer, string cause, RulesDiagnosis rules) =>
        rules.IsCertain
        && (ClaimsHealth(cause)
            || answer.Severity == Severity.Info
            || (rules.Primary.Marks.Count > 0 && !rules.Primary.Marks.Any(mark => cause.Contains(mark, StringComparison.OrdinalIgnoreCase))));

    private static bool ClaimsHealth(string text) => Health().IsMatch(text);

    private static Confidence Confidence(ModelAnswer answer, RulesDiagnosis rules, int dropped)
    {
        if (rules.IsCertain)
            return rules.Diagnosis.Confidence;
        return dropped > 0 && answer.Confidence == Contracts.Confidence.High ? Contracts.Confidence.Medium : answer.Confidence;
    }

    /// <summary>Only what was offered. A certain rule's own actions lead; else the model's choice does.</summary>
    private static IReadOnlyList<SuggestedAction> Actions(ModelAnswer answer, RulesDiagnosis rules)
    {
        var chosen = answer.ActionKinds.SelectMany(kind => rules.OfferedActions.Where(action => action.Kind == kind.Trim()));
        return [.. (rules.IsCertain ? rules.SuggestedActions.Concat(chosen) : chosen.Concat(rules.SuggestedActions)).Distinct()];
    }

    /// <summary>The rules' own first; of the model's those that only read and name nothing foreign.</summary>
    private static IReadOnlyList<string> Commands(ModelAnswer answer, RulesDiagnosis rules, Grounding grounding) =>
    [
        .. rules.Commands
            .Concat(answer.Commands
                .Select(command => command.Trim().Trim('`').Trim())
                .Where(command => KubectlCommand.Arguments(command) is { } arguments && arguments.All(argument => IsKnown(argument, grounding))))
            .Distinct(StringComparer.Ordinal)
            .Take(MostCommands),
    ];

    private static bool IsKnown(string argument, Grounding grounding) =>
        argument.Split('/', ',').All(part => ResourceKinds().IsMatch(part) || grounding.HasName(part));

    [GeneratedRegex(@"(?<=[.!?])\s+(?=[A-Z0-9""'`“(])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SentenceBorder();

    [GeneratedRegex(
        @"(?<!\b(not|un|isn't|no longer|nor|never) ?)\b(healthy|operational|working (fine|normally|as (expected|intended))|running (fine|normally|as expected))\b|\bno (further )?(action|issue|issues|problem|problems|error|errors|intervention)\b( (is|are|was|were))?( (needed|required|found|detected|necessary|present))?|\bnothing (is|was) wrong\b|\bfalse (alarm|positive)\b|\b(can|may|should|safe to) (safely )?(be )?ignored?\b|\b(has|have) (recovered|resolved)\b|\ball (is )?(good|well|fine)\b|\bresolved (itself|by itself)\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Health();

    [GeneratedRegex(
        @"^(all|pods?|po|deployments?|deploy|replicasets?|rs|statefulsets?|sts|daemonsets?|ds|jobs?|cronjobs?|cj|nodes?|no|events?|ev|services?|svc|endpoints?|ep|endpointslices?|ingress(es)?|ing|configmaps?|cm|namespaces?|ns|persistentvolumes?|pv|persistentvolumeclaims?|pvc|storageclass(es)?|sc|networkpolic(y|ies)|netpol|resourcequotas?|quota|limitranges?|hpa|horizontalpodautoscalers?|pdb|poddisruptionbudgets?|certificates?|ingressroutes?|volumes?)(\.[a-z0-9.]+)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ResourceKinds();
}

/// <summary>What is left of the model's answer, joined with the rules' diagnosis.</summary>
/// <param name="Diagnosis">Its cause is the model's where the evidence bears it.</param>
/// <param name="SuggestedActions">Best first, only offered ones.</param>
/// <param name="Commands">Only such that read.</param>
/// <param name="Dropped">How many claims the evidence does not bear.</param>
internal sealed record CheckedAnswer(
    Diagnosis Diagnosis,
    IReadOnlyList<SuggestedAction> SuggestedActions,
    IReadOnlyList<string> Commands,
    int Dropped);
