using AlertResponder.Contracts;
using AlertResponder.Host.Commands;
using AlertResponder.Incidents;
using AlertResponder.Remediation;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Silences;

namespace AlertResponder.Tests.Unit.Remediation;

/// <summary>Each action through the stage, before a cluster that lets the account do what the catalogue says it needs, and nothing else.</summary>
public sealed class CatalogueTests
{
    private const string Token = "token-of-remediation";

    public static TheoryData<int, string> Actions
    {
        get
        {
            var cases = new TheoryData<int, string>();
            foreach (var (index, action) in Shop.Each.Index())
            {
                cases.Add(index, action.Kind);
            }

            return cases;
        }
    }

    private static readonly string[] WithoutUndo = ["restart-workload", "delete-pod", "rerun-job", "delete-job", "view-logs", "view-previous-logs", "view-events", "describe"];

    [Fact]
    public void Shop_HasACaseOf_EachAction() =>
        Shop.Each.Select(action => action.Kind).Distinct().ShouldBe(ActionCatalogue.All.Select(action => action.Kind).Where(kind => kind != SilenceAlerts.Name), ignoreOrder: true);

    [Fact]
    public void Permissions_OfAll_AreNeverWildcardsOrSecrets()
    {
        var all = ActionPermissions.ByAction.Values.SelectMany(permissions => permissions).ToList();

        all.ShouldAllBe(permission => !permission.Verb.Contains('*') && !permission.Resource.Contains('*') && !permission.Resource.StartsWith("secrets"));
        all.ShouldAllBe(permission => permission.ClusterScoped == (permission.Resource == "nodes"));
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Action_WithTheManifestsOfTheCommand_IsOfferedExecutedWatchedAndUndone(int index, string kind)
    {
        var action = Shop.Each[index];
        var manifests = RbacManifests.Write(new RbacScope(("ops", "remediation"), ["shop"], [action.Kind], Nodes: action.Target.Kind == "Node"));
        await using var room = await RemediationRoom.StartAsync($"{Shop.Manifests}\n---\n{manifests}", Token);
        room.Cluster.SetLog("shop", "single", "app", "started\n");
        room.Cluster.SetLog("shop", "single", "app", "password=hunter2\n", previous: true);
        var (incident, proposals) = await room.OfferedAsync(Shop.SubjectOf(action.Target), action);
        var proposal = proposals.ShouldHaveSingleItem();
        var path = Shop.PathOf(action.Target);
        var before = (await room.ObjectAsync(path))!["spec"]!.ToJsonString();
        proposal.Kind.ShouldBe(kind);

        var completed = await room.ClickAsync(proposal);
        await room.LookAsync(TimeSpan.FromSeconds(5));

        completed.Outcome.ShouldBe(RemediationOutcome.Applied, completed.Reason);
        var after = await room.ProposalAsync(proposal.Id);
        if (proposal.Risk == RiskClass.ReadOnly)
        {
            completed.Reply.ShouldNotBeNullOrEmpty();
            completed.Reply.ShouldNotContain("hunter2");
            completed.Reply.ShouldNotContain("not readable");
            completed.Reply.ShouldNotContain("ghp_");
            room.Writes().ShouldBeEmpty();
            after.State.ShouldBe(ProposalState.Offered);
        }
        else
        {
            after.State.ShouldBe(ProposalState.RollingOut, after.Progress);
            room.Writes().Count.ShouldBe(1);
            if (kind is not ("delete-pod" or "delete-job"))
            {
                room.Writes()[0].Query["fieldManager"].ShouldBe("alert-responder");
                room.Writes()[0].Body.ShouldContain(proposal.Id.ToString());
            }
        }

        var shown = (await room.SnapshotAsync(incident)).Proposals.ShouldHaveSingleItem();
        (shown.Title, shown.CanBeUndone).ShouldBe((proposal.Title, !WithoutUndo.Contains(kind)));
        if (shown.CanBeUndone)
        {
            (await room.ObjectAsync(path))!["spec"]!.ToJsonString().ShouldNotBe(before);
            var undone = await room.ClickAsync(proposal, RemediationVerb.Undo);
            undone.Outcome.ShouldBe(RemediationOutcome.Undone, undone.Reason);
            (await room.ObjectAsync(path))!["spec"]!.ToJsonString().Replace(",\"nodeSelector\":{}", "", StringComparison.Ordinal).ShouldBe(before);
        }

        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Action_AnyOneOfItsPermissionsShort_IsNotOffered()
    {
        await using var room = await RemediationRoom.StartAsync(WithRole([]), Token);
        foreach (var action in Shop.Each)
        {
            foreach (var missing in Permissions(action))
            {
                room.Cluster.Apply(Role(Permissions(action).Where(permission => permission != missing)));
                var (incident, proposals) = await room.OfferedAsync(Shop.SubjectOf(action.Target), action);
                proposals.ShouldBeEmpty($"{action.Kind} without {missing}");
                await room.ResolveAsync(incident);
            }

            room.Cluster.Apply(Role(Permissions(action)));
            var (complete, offered) = await room.OfferedAsync(Shop.SubjectOf(action.Target), action);
            offered.ShouldHaveSingleItem();
            await room.ResolveAsync(complete);
        }

        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task IncreaseMemory_CronJob_ChangesTheNestedTemplateToTheNextUsualSize()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(new Subject("CronJob", "shop", "scraper"), Shop.MoreMemoryForScraper);
        var proposal = proposals.ShouldHaveSingleItem();

        await room.ClickAsync(proposal);

        (proposal.Title, proposal.Risk, proposal.Caution).ShouldBe(("Increase memory limit of scraper to 512Mi", RiskClass.Reversible, null));
        proposal.Diff.ShouldBe("spec.jobTemplate.spec.template.spec.containers[scraper].resources.limits.memory: 256Mi → 512Mi");
        proposal.ShortDiff.ShouldBe("…resources.limits.memory: 256Mi → 512Mi");
        (await room.ObjectAsync(Shop.Scraper))!["spec"]!["jobTemplate"]!["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"]!.ToJsonString()
            .ShouldBe("""{"limits":{"memory":"512Mi"},"requests":{"memory":"128Mi"}}""");
    }

    [Fact]
    public async Task IncreaseMemory_SecondOfTwoContainers_ChangesThatOneAndSaysWhoMayRevert()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.MoreMemory);

        await room.ClickAsync(proposals[0]);

        proposals[0].Caution.ShouldBe("Helm keeps this object and may revert the change: make it there, too.");
        var containers = (await room.ObjectAsync(Shop.Web))!["spec"]!["template"]!["spec"]!["containers"]!;
        containers[0]!["resources"]!["limits"]!["memory"]!.ToString().ShouldBe("256Mi");
        containers[1]!["resources"]!["limits"]!["memory"]!.ToString().ShouldBe("512Mi");
    }

    [Fact]
    public async Task RollBack_Diff_ShowsTheImageAndNoValueOfAVariable()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Action("roll-back-workload", "Deployment/web"));

        var diff = proposals.ShouldHaveSingleItem().Diff.ShouldNotBeNull();

        diff.ShouldContain("containers[web].image: web:2 → web:1");
        diff.ShouldContain("env[PASSWORD].value: (not shown) → (not shown)");
        diff.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task RerunJob_MakesAJobLikeItWithoutTheControllersLabels()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(new Subject("Job", "shop", "migrate"), Shop.Action("rerun-job", "Job/migrate"));

        await room.ClickAsync(proposals[0]);

        var again = (await room.ObjectAsync($"apis/batch/v1/namespaces/shop/jobs/migrate-again-{proposals[0].Id.ToString("N")[..12]}")).ShouldNotBeNull();
        again["metadata"]!["labels"]!["team"]!.ToString().ShouldBe("shop");
        again["spec"]!["template"]!["metadata"]!["labels"]!["job-name"]!.ToString().ShouldNotBe("migrate");
        await room.LookAsync(TimeSpan.FromSeconds(5));
        (await room.ProposalAsync(proposals[0].Id)).Progress.ShouldNotBeNull().ShouldContain("succeeded");
    }

    [Theory]
    [InlineData("increase-memory-limit", "Deployment/web", "container=nobody,currentLimit=256Mi", "no such container")]
    [InlineData("increase-memory-limit", "Deployment/web", "container=web,currentLimit=128Mi", "the limit has changed")]
    [InlineData("increase-memory-limit", "DaemonSet/agent", "container=agent,currentLimit=128Mi", "no such limit")]
    [InlineData("pin-architecture", "Deployment/web", "architecture=s390x", "no node of it was seen")]
    [InlineData("roll-back-workload", "DaemonSet/agent", "", "no earlier revision")]
    [InlineData("scale-workload", "Deployment/web", "replicas=0", "not to none")]
    [InlineData("scale-workload", "Deployment/web", "replicas=7", "more than double")]
    [InlineData("scale-workload", "Deployment/web", "", "no number")]
    [InlineData("delete-pod", "Pod/gone", "", "gone")]
    [InlineData("uncordon-node", "Node/node-2", "", "not cordoned")]
    [InlineData("cordon-node", "Node/node-1", "", "cordoned")]
    [InlineData("restart-workload", "CronJob/scraper", "", "not for this kind")]
    [InlineData("sudo", "Deployment/web", "", "no such action")]
    public async Task Prepare_NothingSensibleToDo_OffersNothing(string kind, string target, string parameters, string why)
    {
        await using var room = await RemediationRoom.StartAsync();
        var action = Shop.Action(kind, target, [.. parameters.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(parameter => (parameter.Split('=')[0], parameter.Split('=')[1]))]);

        var (_, proposals) = await room.OfferedAsync(Shop.SubjectOf(action.Target), action);

        proposals.ShouldBeEmpty(why);
        room.Writes().ShouldBeEmpty();
    }

    [Fact]
    public async Task Scale_WhatAnAutoscalerScales_IsNotOffered()
    {
        await using var room = await RemediationRoom.StartAsync(Shop.Manifests + "\n---\n" +
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}");

        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Action("scale-workload", "Deployment/web", ("replicas", "5")));

        proposals.ShouldBeEmpty();
    }

    [Fact]
    public async Task DeletePod_BudgetForbids_IsNotOffered_NorDoneWhenItForbidsLater()
    {
        const string Budget = """{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: single, namespace: shop}, spec: {minAvailable: 1, selector: {matchLabels: {app: single}}}}""";
        await using var strict = await RemediationRoom.StartAsync(Shop.Manifests + "\n---\n" + Budget);
        (await strict.OfferedAsync(new Subject("Pod", "shop", "single"), Shop.Evict)).Proposals.ShouldBeEmpty();
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(new Subject("Pod", "shop", "single"), Shop.Evict);
        room.Cluster.Apply(Budget);

        var completed = await room.ClickAsync(proposals.ShouldHaveSingleItem());

        (completed.Outcome, completed.ForRequesterOnly).ShouldBe((RemediationOutcome.Refused, false));
        completed.Reason.ShouldContain("disruption budget");
        (await room.ProposalAsync(proposals[0].Id)).State.ShouldBe(ProposalState.Refused);
        (await room.ObjectAsync(Shop.Pod)).ShouldNotBeNull();
    }

    private static IReadOnlyList<ActionPermission> Permissions(SuggestedAction action) => ActionCatalogue.Find(action.Kind)!.Permissions(action.Target.Kind);

    // The simulator decides by the rules of these objects.
    private static string WithRole(IEnumerable<ActionPermission> permissions) =>
        $$"""
        {{Shop.Manifests}}
        ---
        {{Role(permissions)}}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: remediation}, roleRef: {kind: ClusterRole, name: remediation}, subjects: [{kind: ServiceAccount, name: remediation, namespace: ops}]}
        """;

    private static string Role(IEnumerable<ActionPermission> permissions)
    {
        var rules = permissions.Select(permission => $"{{apiGroups: [\"{permission.Group}\"], resources: [{permission.Resource}], verbs: [{permission.Verb}]}}");
        return $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: remediation}}, rules: [{string.Join(", ", rules)}]}}";
    }
}
