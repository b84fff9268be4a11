using System.Text.RegularExpressions;
using AlertResponder.Analysis.Model;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Check;

/// <summary>
/// Takes from the model's answer what the evidence bears, and puts it together with the rules' diagnosis. How bad it is and what may be
/// changed the rules alone say: a model that obeys a planted instruction must move neither.
/// </summary>
internal static partial class AnswerCheck
{
    /// <summary>The name of the finding that is the model's claim.</summary>
    public const string ModelFinding = "model";

    private const string Health = "health";
    private const int MostSentences = 3;
    private const int MostCommands = 5;
    private const int LongestSentence = 300;
    private const int LongestDropped = 120;

    public static CheckedAnswer Check(ModelAnswer answer, ContextEnriched context, RulesDiagnosis rules)
    {
        var grounding = new Grounding(context, rules);
        var advice = new Advice(context);
        var dropped = new List<DroppedClaim>();
        var cause = Grounding.Normal(answer.Cause);
        var isCauseBorne = cause.Length > 0 && IsBorne(cause);
        if (DoubtOf(answer, cause, isCauseBorne, rules) is { } doubt)
        {
            var doubted = rules.Diagnosis with { Doubt = doubt };
            return new CheckedAnswer(
                IsBorne: true,
                doubted,
                rules.SuggestedActions,
                rules.Commands,
                [.. dropped.Where(claim => claim.Kind != Health)],
                answer with { Cause = cause, Explanation = "", EvidenceIds = [], ActionKinds = [], Commands = [] });
        }

        string[] sentences = [.. Sentences(Grounding.Normal(answer.Explanation)).Where(IsBorne).Take(MostSentences)];
        if (!isCauseBorne && sentences.Length == 0)
            return new CheckedAnswer(IsBorne: false, rules.Diagnosis, rules.SuggestedActions, rules.Commands, dropped, Kept: null);

        var claim = isCauseBorne ? cause : sentences[0];
        string[] ids = [.. Kept("evidence", answer.EvidenceIds, id => context.Evidence.Any(item => item.Id == id))];
        SuggestedAction[] offered = [.. Offered(rules)];
        var kinds = Kept("action", answer.ActionKinds.Select(kind => kind.Trim()), kind => offered.Any(action => action.Kind == kind));
        var commands = Kept("command", answer.Commands.Select(command => command.Trim().Trim('`').Trim()), command => context.ConnectedCluster is null && KubectlCommand.Names(command)?.All(grounding.IsObject) == true);
        var confidence = Confidence(answer, rules, dropped.Count);
        return new CheckedAnswer(
            IsBorne: true,
            new Diagnosis(
                isCauseBorne ? Wording.Cause(cause) : rules.Diagnosis.Cause,
                sentences.Length > 0 ? string.Join(' ', sentences) : rules.Diagnosis.Explanation,
                rules.Diagnosis.Severity,
                confidence,
                ids.Length == 0 ? rules.Diagnosis.Findings : [.. rules.Diagnosis.Findings, new Finding(ModelFinding, Wording.Sentence(claim), ids)]),
            Actions(rules, kinds.SelectMany(kind => offered.Where(action => action.Kind == kind))),
            [.. rules.Commands.Concat(commands).Distinct(StringComparer.Ordinal).Take(MostCommands)],
            dropped,
            isCauseBorne ? answer with { Cause = cause, Explanation = string.Join(' ', sentences), Confidence = confidence, EvidenceIds = ids, ActionKinds = kinds, Commands = commands } : null);

        bool IsBorne(string text)
        {
            var foreign = text.Length is 0 or > LongestSentence ? new ForeignClaim("length", "")
                : ClaimsHealth(text) ? new ForeignClaim(Health, "")
                : advice.IsIn(text) ? new ForeignClaim("advice", "")
                : grounding.Foreign(text);
            if (foreign is not null)
                dropped.Add(new DroppedClaim(foreign.Kind, Wording.Cut(text, LongestDropped), foreign.Text));
            return foreign is null;
        }

        string[] Kept(string kind, IEnumerable<string> claims, Func<string, bool> isKept)
        {
            string[] all = [.. claims.Distinct(StringComparer.Ordinal)];
            dropped.AddRange(all.Where(one => !isKept(one)).Select(one => new DroppedClaim(kind, Wording.Cut(Grounding.Normal(one), LongestDropped), "")));
            return [.. all.Where(isKept)];
        }
    }

    public static IEnumerable<string> Sentences(string text) => SentenceBorder().Split(text).Where(sentence => sentence.Length > 0);

    /// <summary>What the model may choose from: changing the cluster only where the rules suggest it themselves.</summary>
    public static IEnumerable<SuggestedAction> Offered(RulesDiagnosis rules) =>
        rules.OfferedActions.Where(action => ActionKinds.IsReadOnly(action.Kind) || rules.SuggestedActions.Contains(action));

    /// <summary>
    /// A certain rule is not argued away, not by calling the subject healthy and not by speaking of something else; but people hear of it.
    /// In the model's own words only where the evidence bears them.
    /// </summary>
    private static string? DoubtOf(ModelAnswer answer, string cause, bool isCauseBorne, RulesDiagnosis rules)
    {
        if (!rules.IsCertain)
            return null;
        if (ClaimsHealth(cause) || answer.Severity == Severity.Info)
            return "it sees nothing wrong here.";
        return cause.Length == 0 || rules.Primary.Marks.Count == 0 || rules.Primary.Marks.Any(mark => cause.Contains(mark, StringComparison.OrdinalIgnoreCase)) ? null
            : isCauseBorne ? Wording.Sentence($"it blames something else: {cause}")
            : "it blames something else, which the evidence does not show.";
    }

    /// <summary>A certain rule's own actions lead; else the model's choice does.</summary>
    private static IReadOnlyList<SuggestedAction> Actions(RulesDiagnosis rules, IEnumerable<SuggestedAction> chosen) =>
        [.. (rules.IsCertain ? rules.SuggestedActions.Concat(chosen) : chosen.Concat(rules.SuggestedActions)).Distinct()];

    private static bool ClaimsHealth(string text) => HealthClaim().IsMatch(text);

    /// <summary>Never more than the rules are sure of by themselves: the model's word proves nothing.</summary>
    private static Confidence Confidence(ModelAnswer answer, RulesDiagnosis rules, int dropped)
    {
        if (rules.IsCertain)
            return rules.Diagnosis.Confidence;
        var most = dropped > 0 ? Contracts.Confidence.Low : Contracts.Confidence.Medium;
        return (Confidence)Math.Min((int)answer.Confidence, Math.Max((int)most, (int)rules.Diagnosis.Confidence));
    }

    [GeneratedRegex(@"(?<=[.!?])\s+(?=[\p{Lu}\p{N}""'`“(])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SentenceBorder();

    [GeneratedRegex(
        @"(?<!\b(not|un|isn't|no longer|nor|never) ?)\b(healthy|operational|working (fine|normally|as (expected|intended))|running (fine|normally|as expected))\b|\bno (further )?(action|issue|issues|problem|problems|error|errors|intervention)\b( (is|are|was|were))?( (needed|required|found|detected|necessary|present))?|\bnothing (is|was) wrong\b|\bfalse (alarm|positive)\b|\b(can|may|should|safe to) (safely )?(be )?ignored?\b|\b(has|have) (recovered|resolved)\b|\ball (is )?(good|well|fine)\b|\bresolved (itself|by itself)\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex HealthClaim();
}

/// <summary>What is left of the model's answer, joined with the rules' diagnosis.</summary>
/// <param name="IsBorne">False when the evidence bears nothing of it: then the rest is the rules' alone.</param>
/// <param name="Diagnosis">Its cause is the model's where the evidence bears it.</param>
/// <param name="SuggestedActions">Best first, only offered ones.</param>
/// <param name="Commands">Only such that read.</param>
/// <param name="Dropped">What the evidence does not bear.</param>
/// <param name="Kept">The answer without it, worth to be used again; null where its cause is not borne.</param>
internal sealed record CheckedAnswer(
    bool IsBorne,
    Diagnosis Diagnosis,
    IReadOnlyList<SuggestedAction> SuggestedActions,
    IReadOnlyList<string> Commands,
    IReadOnlyList<DroppedClaim> Dropped,
    ModelAnswer? Kept);

/// <summary>A claim of the model that is not shown.</summary>
/// <param name="Kind"><c>name</c>, <c>number</c>, <c>quotation</c>, <c>health</c>, <c>advice</c>, <c>length</c>, <c>evidence</c>, <c>action</c> or <c>command</c>.</param>
/// <param name="Claim">The sentence, id, kind or command, cut.</param>
/// <param name="Foreign">The part of it that was never seen, for the first three kinds.</param>
internal sealed record DroppedClaim(string Kind, string Claim, string Foreign);
