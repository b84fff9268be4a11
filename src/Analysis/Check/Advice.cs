using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Check;

/// <summary>
/// Tells what a sentence wants done from what it says is wrong. What to do is the catalogue's and the command list's; a sentence that
/// tells people to do something may be one that was planted in a log for the model to repeat.
/// </summary>
internal sealed partial class Advice
{
    /// <summary>So many words in a row that a planted line has too make a repetition of it.</summary>
    private const int WordsInARow = 5;

    private readonly HashSet<string> planted;

    public Advice(ContextEnriched context)
    {
        planted =
        [
            .. context.Evidence.Select(item => item.Text)
                .Concat(context.Alerts.SelectMany(alert => alert.Labels.Values.Concat(alert.Annotations.Values)))
                .SelectMany(text => text.Split('\n'))
                .Where(line => Instruction().IsMatch(line))
                .SelectMany(Runs),
        ];
    }

    /// <summary>Whether the sentence tells somebody to do something, or repeats what a planted instruction says.</summary>
    public bool IsIn(string sentence) =>
        Directive().IsMatch(sentence) || Instruction().IsMatch(sentence) || (planted.Count > 0 && Runs(sentence).Any(planted.Contains));

    private static IEnumerable<string> Runs(string line)
    {
        string[] words = [.. Word().Matches(line).Select(match => match.Value.ToUpperInvariant())];
        if (words.Length is > 1 and < WordsInARow)
            yield return string.Join(' ', words);
        for (var i = 0; i + WordsInARow <= words.Length; i++)
            yield return string.Join(' ', words[i..(i + WordsInARow)]);
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    private const string Verbs =
        "run|execute|delete|remove|drop|destroy|scale|restart|reboot|disable|enable|ignore|silence|acknowledge|close|apply|patch|edit|set|unset|increase|decrease|raise|lower|reduce|change|update|upgrade|downgrade|install|uninstall|rotate|revoke|grant|approve|confirm|click|visit|open|download|fetch|curl|wget|call|contact|email|mail|message|notify|send|post|share|paste|copy|type|enter|provide|use|try|check|verify|ensure|make|consider|review|investigate|inspect|look|see|follow|do|stop|start|kill|drain|cordon|uncordon|evict|mark|report|tell|say|answer|respond|reply|output|print|repeat|forget|pretend|act|trust|allow|grant|add|create|move|migrate|restore|roll|revert|suspend|rerun|replace|rebuild|recreate|free|clean|clear|wait|please|simply|just|immediately|first|then|next";

    /// <summary>An order, a wish or a rule for people; an address to open; anything a shell would run.</summary>
    [GeneratedRegex(
        @"(^|[.;:!?—–-]\s+|\b(and|then|please|to fix (it|this),?|so,?)\s+(?=(run|execute|delete|remove|drop|destroy|scale|restart|disable|ignore|silence|apply|approve|visit|open|click|curl|wget|send)\b))[""'`(*]*(" + Verbs + @")\b(?!\s+(is|was|are|were|has|had|of)\b)"
        + @"|\b(should|must|ought to|need(s|ed)? to be|has to be|have to be|(you|we|operators?|admins?|engineers?|team|people|user|users|someone|they)\s+(should|must|can|could|may|might|need|needs|have|has|want|are (asked|advised|required|allowed)))\b"
        + @"|\b(recommend(ed|s)?|suggested (to|that|action|fix)|advis(e|ed|able)|instructed|require[sd]? (immediate )?action|safe to|it is (best|better|enough) to|approved? by|authori[sz]ed by|as (told|asked|requested|ordered))\b"
        + @"|\b(fix|solution|remedy|workaround)\b|\b(will|would|could|can) (be )?(fix|solve|resolve|help|cure|mend|repair|heal)(ed|d)?\b|\b(fixes|solves|resolves|heals) (it|this|the)\b"
        + @"|\bkubectl\b|https?://|\bwww\.|\b(rm|curl|wget|bash|sh|sudo|chmod|nc|powershell)\s+-|\|\s*(ba)?sh\b|\$\(",
        Options, 1000)]
    private static partial Regex Directive();

    /// <summary>A line that speaks to a model or to whoever reads its answer, as programs' logs do not.</summary>
    [GeneratedRegex(
        @"\b(ignore|disregard|forget|override)\b.{0,40}\b(instruction|instructions|prompt|prompts|rules?|above|previous|prior|everything|finding|findings|evidence)\b"
        + @"|\b(system|developer|assistant)\s*(prompt|message|note|override)\b|^\W*(system|assistant|user|developer|human|ai|important|note to (the )?(ai|assistant|model|operator|sre|engineer))\s*[:>\]]"
        + @"|\b(you are|act as|pretend to be|as an ai|as a language model|dear (ai|assistant|model|llm)|language model|llm)\b|<\|?(im_start|im_end|system|assistant|endoftext)\|?>|\[/?inst\]"
        + @"|\b(say|tell|state|report|answer|respond|reply|output|conclude|claim|declare|mention|classify)\b.{0,60}\b(healthy|resolved|false (alarm|positive)|severity|confidence|operators?|engineers?|json|approved?)\b"
        + @"|\b(set|choose|select|offer|propose|recommend|mark|pick)\b.{0,40}\b(severity|confidence|healthy|resolved|proposals?|delete-|restart-|scale-|rerun-|suspend-|cordon-)"
        + @"|""cause""\s*:.*""(severity|confidence|explanation)""\s*:",
        Options, 1000)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"[\p{L}\p{N}]+", Options, 1000)]
    private static partial Regex Word();
}
