using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation;
using AlertResponder.Remediation.Policy;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Remediation;

public sealed class ApprovalPolicyTests
{
    private const string Person = "U1";

    /// <summary>What differs from a click that is carried out, and what becomes of it: a verdict, or the name of its refusal.</summary>
    public static TheoryData<string, string> Clicks => new()
    {
        { "", "Execute" },
        { "off", "RemediationOff" },
        { "off group-unknown", "RemediationOff" },
        { "gone", "NoSuchProposal" },
        { "other-namespace", "NotOptedIn" },
        { "node", "NotOptedIn" },
        { "node nodes-on", "Execute" },
        { "node nodes-on entry-here", "OtherNamespace" },
        { "of-eu-1", "OtherCluster" },
        { "of-eu-1 here-eu-2", "OtherCluster" },
        { "of-eu-1 here-eu-2 applied undo", "OtherCluster" },
        { "of-eu-1 here-eu-2 reading", "OtherCluster" },
        { "of-eu-1 here-eu-2 silence", "Execute" },
        { "of-eu-1 here-eu-1", "Execute" },
        { "here-eu-2", "Execute" },
        { "elsewhere", "WrongChannel" },
        { "no-channel", "Execute" },
        { "nobody", "NoApprovers" },
        { "nobody reading", "NoApprovers" },
        { "stranger", "Stranger" },
        { "stranger reading", "Stranger" },
        { "stranger preview", "Stranger" },
        { "stranger undo applied", "Stranger" },
        { "group", "Stranger" },
        { "group member", "Execute" },
        { "group group-unknown", "GroupsUnknown" },
        { "entry-here", "Execute" },
        { "entry-elsewhere", "OtherNamespace" },
        { "entry-elsewhere reading", "OtherNamespace" },
        { "destructive", "Execute" },
        { "destructive only-reversible", "OtherRisk" },
        { "only-reversible", "Execute" },
        { "only-reversible reading", "Read" },
        { "only-readonly", "OtherRisk" },
        { "only-readonly preview", "Preview" },
        { "rights-denied", "KubernetesForbids" },
        { "rights-denied reading", "KubernetesForbids" },
        { "rights-unknown", "KubernetesUnknown" },
        { "rights-allowed", "Execute" },
        { "resolved", "Recovered" },
        { "resolved reading", "Read" },
        { "resolved applied undo", "Undo" },
        { "late", "Expired" },
        { "late reading", "Read" },
        { "late applied undo", "Undo" },
        { "destructive two-person", "AwaitSecond" },
        { "two-person", "Execute" },
        { "destructive two-person awaiting-other", "Execute" },
        { "destructive two-person awaiting-me", "SecondMissing" },
        { "destructive two-person awaiting-other late", "Expired" },
        { "destructive two-person awaiting-other stranger", "Stranger" },
        { "claimed", "UnderWay" },
        { "applied", "UnderWay" },
        { "rolling-out", "UnderWay" },
        { "undoing", "UnderWay" },
        { "verified", "Done" },
        { "ineffective", "Done" },
        { "refused", "Done" },
        { "failed", "Done" },
        { "undone", "Done" },
        { "stale", "Stale" },
        { "expired", "Stale" },
        { "stale preview", "Preview" },
        { "undo", "NothingToUndo" },
        { "applied undo", "Undo" },
        { "rolling-out undo", "Undo" },
        { "verified undo", "Undo" },
        { "ineffective undo", "Undo" },
        { "applied undo no-undo", "NothingToUndo" },
        { "undoing undo", "UnderWay" },
        { "undone undo", "Done" },
        { "stale undo", "NothingToUndo" },
        { "reading undo", "NothingToUndo" },
    };

    [Theory]
    [MemberData(nameof(Clicks))]
    public void Decide_Click_IsCarriedOutOrRefusedByName(string differences, string expected)
    {
        var verdict = Decide(differences.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        (verdict.Refusal?.ToString() ?? verdict.Kind.ToString()).ShouldBe(expected);
        (verdict.Kind == VerdictKind.Refuse).ShouldBe(verdict.Refusal is not null);
        verdict.Text.Length.ShouldBeInRange(verdict.Refusal is null ? 0 : 10, 250);
    }

    [Fact]
    public void Clicks_InTheTable_NameEveryRefusal() =>
        Enum.GetNames<Refusal>().ShouldBeSubsetOf(Clicks.Select(row => row.Data.Item2));

    private static Verdict Decide(string[] differences)
    {
        bool Has(string difference) => differences.Contains(difference);
        var options = new RemediationOptions { Enabled = !Has("off"), Nodes = Has("nodes-on"), TwoPersonRule = Has("two-person"), Cluster = Has("here-eu-1") ? "eu-1" : Has("here-eu-2") ? "eu-2" : null };
        options.Namespaces.Add("shop");
        if (!Has("nobody"))
        {
            var approver = Has("group") ? new ApproverOptions { Group = "S1" } : new ApproverOptions { User = Has("stranger") ? "U9" : Person };
            if (Has("entry-here"))
                approver.Namespaces.Add("shop");
            if (Has("entry-elsewhere"))
                approver.Namespaces.Add("bakery");
            if (Has("only-reversible"))
                approver.Risks.Add("reversible");
            if (Has("only-readonly"))
                approver.Risks.Add("ReadOnly");
            options.Approvers.Add(approver);
        }

        var incident = Samples.Incident(new Subject("Deployment", "shop", "web", Has("of-eu-1") ? "eu-1" : null), resolvedAt: Has("resolved") ? Samples.Start : null);
        incident.MessageChannel = Has("no-channel") ? null : "C1";
        var proposal = Has("gone") ? null : new Proposal
        {
            SubjectKey = "",
            Kind = "restart-workload",
            ActionJson = "",
            Title = "Restart web",
            Risk = Has("reading") ? RiskClass.ReadOnly : Has("destructive") ? RiskClass.Destructive : RiskClass.Reversible,
            State = State(differences),
            RequestedBy = Has("awaiting-me") ? Person : Has("awaiting-other") ? "U2" : null,
            UndoJson = Has("no-undo") || Has("reading") ? null : "{}",
            ExpiresAt = Has("late") ? Samples.Start : Samples.Start.AddMinutes(1),
        };
        var target = Has("node") ? new ObjectReference("Node", null, "n") : Has("silence") ? new ObjectReference(Subject.AlertKind, null, "a") : new ObjectReference("Deployment", Has("other-namespace") ? "bakery" : "shop", "web");
        var verb = Has("preview") ? RemediationVerb.Preview : Has("undo") ? RemediationVerb.Undo : RemediationVerb.Execute;
        var rights = Has("rights-denied") ? KubernetesRights.Denied : Has("rights-unknown") ? KubernetesRights.Unknown : Has("rights-allowed") ? KubernetesRights.Allowed : KubernetesRights.NotAsked;
        var person = new Person(new HashSet<string>(Has("member") ? ["S1"] : []), Has("group-unknown"), rights, "patch deployments.apps");
        var request = new RemediationRequested(incident.Id, Guid.NewGuid(), verb, Person, Samples.Start, "slack", Has("elsewhere") ? "C2" : "C1");
        return ApprovalPolicy.Decide(new Click(request, proposal, proposal is null ? null : target, incident, person, Samples.Start), options);
    }

    private static ProposalState State(string[] differences) => differences.Select(difference => difference switch
    {
        "awaiting-me" or "awaiting-other" => ProposalState.AwaitingSecond,
        "claimed" => ProposalState.Claimed,
        "applied" => ProposalState.Applied,
        "rolling-out" => ProposalState.RollingOut,
        "verified" => ProposalState.Verified,
        "ineffective" => ProposalState.Ineffective,
        "failed" => ProposalState.Failed,
        "refused" => ProposalState.Refused,
        "stale" => ProposalState.Stale,
        "expired" => ProposalState.Expired,
        "undoing" => ProposalState.Undoing,
        "undone" => ProposalState.Undone,
        _ => ProposalState.Offered,
    }).Append(ProposalState.Offered).Max();
}
