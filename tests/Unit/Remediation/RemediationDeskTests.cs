using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation;
using AlertResponder.Remediation.Execution;
using AlertResponder.Remediation.Policy;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Tests.Unit.Remediation;

public sealed class RemediationDeskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Execute_Offered_ChangesTheObjectAndSaysSo()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.MoreMemory);

        var completed = await room.ClickAsync(proposals[0]);

        (completed.Outcome, completed.RequestedBy, completed.Change, completed.ForRequesterOnly)
            .ShouldBe((RemediationOutcome.Applied, RemediationRoom.Approver, "…resources.limits.memory: 256Mi → 512Mi", false));
        (await room.ObjectAsync(Shop.Web))!["metadata"]!["annotations"]!["alert-responder.io/proposal"]!.ToString().ShouldBe(proposals[0].Id.ToString());
        var snapshot = await room.SnapshotAsync(id);
        snapshot.Version.ShouldBe(4, "offered, claimed, applied");
        snapshot.Remediations.ShouldHaveSingleItem().ShouldBe(completed);
        var shown = snapshot.Proposals.ShouldHaveSingleItem();
        (shown.State, shown.RequestedBy, shown.CanBeUndone).ShouldBe((ProposalState.Applied, RemediationRoom.Approver, true));
    }

    [Fact]
    public async Task Execute_SameRequestManyTimesAtOnce_IsOneChangeAndOneAnswer()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);
        var click = room.Click(proposals[0]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => room.DeliverAsync(click), Cancellation)));

        room.Writes().Count(IsPatch).ShouldBeGreaterThan(0);
        (await room.ObjectAsync(Shop.Web))!["metadata"]!["generation"]!.GetValue<int>().ShouldBe(3);
        answers.SelectMany(answer => answer).Select(emission => emission.Id).Distinct().ShouldHaveSingleItem();
        answers.SelectMany(answer => answer).Select(emission => emission.Message).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Execute_ManyClicksAtOnce_OneIsCarriedOutAndTheOthersAreTold()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => room.ClickAsync(proposals[0]), Cancellation)));

        answers.Count(answer => answer.Outcome == RemediationOutcome.Applied).ShouldBe(1);
        answers.Where(answer => answer.Outcome != RemediationOutcome.Applied).ShouldAllBe(answer => answer.ForRequesterOnly && answer.Reason.Contains("under way"));
        room.Writes().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Refused_IsToldToTheRequesterAloneAndOnce()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);
        var click = room.Click(proposals[0], person: "U0STRANGER");

        var first = (await room.DeliverAsync(click)).ShouldHaveSingleItem();
        var again = (await room.DeliverAsync(click)).ShouldHaveSingleItem();

        again.ShouldBe(first);
        var refused = first.Message.ShouldBeOfType<RemediationCompleted>();
        (refused.Outcome, refused.ForRequesterOnly, refused.RequestId).ShouldBe((RemediationOutcome.Refused, true, RemediationDesk.RequestId(click)));
        var snapshot = await room.SnapshotAsync(id);
        (snapshot.Version, snapshot.Remediations.Count).ShouldBe((2, 0));
        (await room.Store.ReadAsync(context => context.Remediations.CountAsync(Cancellation))).ShouldBe(1);
        room.Writes().ShouldBeEmpty();
    }

    // As they come when the gateway dies between the broker's confirm and its own record: both are published.
    [Theory]
    [InlineData(RemediationVerb.Execute)]
    [InlineData(RemediationVerb.Preview)]
    public async Task Answer_TwoCopiesOfOneClickReceivedAtDifferentTimes_OneRecord(RemediationVerb verb)
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);
        var click = room.Click(proposals[0], verb) with { ClickId = Guid.NewGuid() };

        var first = (await room.DeliverAsync(click)).ShouldHaveSingleItem();
        var copy = (await room.DeliverAsync(click with { RequestedAt = click.RequestedAt.AddMilliseconds(700) })).ShouldHaveSingleItem();

        copy.ShouldBe(first);
        (await room.Store.ReadAsync(context => context.Remediations.CountAsync(Cancellation))).ShouldBe(1);
        room.Writes().Count.ShouldBe(verb == RemediationVerb.Execute ? 1 : 0);
    }

    [Fact]
    public async Task Answer_UnknownIncidentOrProposal_DoesNothing()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);

        (await room.DeliverAsync(room.Click(proposals[0]) with { IncidentId = Guid.NewGuid() })).ShouldBeEmpty();
        (await room.DeliverAsync(room.Click(proposals[0]) with { ProposalId = Guid.NewGuid() })).ShouldHaveSingleItem()
            .Message.ShouldBeOfType<RemediationCompleted>().Reason.ShouldContain("no such proposal");
        room.Writes().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"proxy"},{"name":"web","image":"web:2","resources":{"limits":{"memory":"300Mi"}}}]}}}}""", "limits.memory has changed")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"web:2","resources":{"limits":{"memory":"256Mi"}}},{"name":"proxy"}]}}}}""", "has changed")]
    [InlineData("""{"metadata":{"annotations":{"alert-responder.io/proposal":"other"}}}""", "another proposal has changed it")]
    public async Task Execute_ObjectChangedSince_IsRefusedWithAFreshProposal(string change, string why)
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.MoreMemory, Shop.Restart);
        await room.ChangeAsync(Shop.Web, change);
        var writes = room.Writes().Count;

        var refused = await room.ClickAsync(proposals[0]);
        await room.LookAsync(TimeSpan.FromSeconds(2));

        refused.Outcome.ShouldBe(RemediationOutcome.Refused);
        refused.Reason.ShouldContain(why);
        room.Writes().Count.ShouldBe(writes);
        (await room.ProposalAsync(proposals[0].Id)).State.ShouldBe(ProposalState.Stale);
        (await room.ProposalsAsync(id)).ShouldContain(proposal => proposal.Kind == "restart-workload" && proposal.State == ProposalState.Offered);
    }

    [Fact]
    public async Task Execute_WhatDoesNotMatterHasChanged_IsCarriedOut()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.MoreMemory);
        await room.ChangeAsync(Shop.Web, """{"spec":{"replicas":4},"metadata":{"labels":{"x":"y"}}}""");

        (await room.ClickAsync(proposals[0])).Outcome.ShouldBe(RemediationOutcome.Applied);
    }

    [Fact]
    public async Task Execute_OneOfTwoOnAnObject_OutdatesTheOther()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.MoreMemory, Shop.Restart, Shop.Action("view-events", "Pod/single"));

        await room.ClickAsync(proposals[0]);

        (await room.ProposalAsync(proposals[1].Id)).State.ShouldBe(ProposalState.Stale);
        (await room.ProposalAsync(proposals[2].Id)).State.ShouldBe(ProposalState.Offered);
        (await room.ClickAsync(proposals[1])).ForRequesterOnly.ShouldBeTrue();
        room.Writes().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Execute_AnswerOfThePatchLost_IsRecognisedByItsStamp()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);
        room.Cluster.Faults.Next(1, Fault.LostAnswer, request => request.Method == "PATCH");

        var completed = await room.ClickAsync(proposals[0]);

        completed.Outcome.ShouldBe(RemediationOutcome.Applied, completed.Reason);
        (await room.ObjectAsync(Shop.Web))!["metadata"]!["generation"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact]
    public async Task Execute_ClusterDown_WaitsAndIsCarriedOutByTheWatch()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);
        var click = room.Click(proposals[0]);
        using (room.Cluster.Faults.Always(ClusterFaults.Unavailable()))
        {
            (await room.DeliverAsync(click)).ShouldHaveSingleItem().Message.ShouldBe(new IncidentChanged(id, 1, IncidentChange.Remediated));
            (await room.SnapshotAsync(id)).Proposals.ShouldHaveSingleItem().Progress.ShouldNotBeNull().ShouldContain("does not answer");
        }

        await room.LookAsync(TimeSpan.FromMinutes(1));

        (await room.ProposalAsync(proposals[0].Id)).State.ShouldBe(ProposalState.Applied);
        (await room.DeliverAsync(click)).ShouldHaveSingleItem().Message.ShouldBeOfType<RemediationCompleted>().Outcome.ShouldBe(RemediationOutcome.Applied);
        room.Writes().Count(IsPatch).ShouldBeGreaterThan(0);
        (await room.ObjectAsync(Shop.Web))!["metadata"]!["generation"]!.GetValue<int>().ShouldBe(3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_WorkerStoppedForLong_IsOnlyFoundOutNotDone(bool wasDone)
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.MoreMemory);
        await room.Store.ChangeAsync(async context =>
        {
            var proposal = await context.Proposals.SingleAsync(Cancellation);
            (proposal.State, proposal.RequestedBy, proposal.RequestId) = (ProposalState.Claimed, RemediationRoom.Approver, Guid.NewGuid());
            (proposal.DueAt, proposal.DeadlineAt) = (Samples.Start, Samples.Start.AddMinutes(10));
        });
        if (wasDone)
        {
            await room.ChangeAsync(Shop.Web, $$$"""{"metadata":{"annotations":{"alert-responder.io/proposal":"{{{proposals[0].Id}}}"} } }""");
        }

        var writes = room.Writes().Count;

        await room.LookAsync(TimeSpan.FromMinutes(10));

        (await room.ProposalAsync(proposals[0].Id)).State.ShouldBe(wasDone ? ProposalState.Applied : ProposalState.Refused);
        room.Writes().Count.ShouldBe(writes);
    }

    [Fact]
    public async Task Execute_DestructiveWithTwoPersonRule_NeedsAnotherPerson()
    {
        await using var room = await RemediationRoom.StartAsync(settings: ("Remediation:TwoPersonRule", "true"));
        var (id, proposals) = await room.OfferedAsync(new Subject("Pod", "shop", "single"), Shop.Evict);
        var first = room.Click(proposals[0]);

        (await room.DeliverAsync(first)).ShouldHaveSingleItem().Message.ShouldBeOfType<IncidentChanged>();
        (await room.DeliverAsync(first)).ShouldHaveSingleItem().Message.ShouldBeOfType<IncidentChanged>();
        (await room.ClickAsync(proposals[0])).Reason.ShouldContain("a second approver");
        room.Writes().ShouldBeEmpty();
        (await room.SnapshotAsync(id)).Proposals.ShouldHaveSingleItem().State.ShouldBe(ProposalState.AwaitingSecond);
        (await room.ClickAsync(proposals[0], person: RemediationRoom.Second)).Outcome.ShouldBe(RemediationOutcome.Applied);

        var shown = (await room.SnapshotAsync(id)).Proposals.ShouldHaveSingleItem();
        (shown.RequestedBy, shown.ApprovedBy).ShouldBe((RemediationRoom.Approver, RemediationRoom.Second));
        (await room.ObjectAsync(Shop.Pod)).ShouldBeNull();
    }

    [Fact]
    public async Task Execute_MemberOfAGroup_May_AndNobodyMayWhenMembersAreUnknown()
    {
        await using var room = await RemediationRoom.StartAsync(settings: [("Remediation:Approvers:0", "@S0ONCALL"), ("Remediation:Approvers:1", null)]);
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);

        (await AnswerAsync(null)).Reason.ShouldContain("could not be read");
        (await AnswerAsync([])).Reason.ShouldContain("not among the approvers");
        (await AnswerAsync(["S0ONCALL"])).Outcome.ShouldBe(RemediationOutcome.Applied);

        async Task<RemediationCompleted> AnswerAsync(IReadOnlyList<string>? groups) =>
            (await room.DeliverAsync(room.Click(proposals[0], person: "U0NIGHT") with { Groups = groups })).Select(emission => emission.Message)
                .OfType<RemediationCompleted>().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("alice", true)]
    [InlineData("bob", false)]
    public async Task Execute_MappedPerson_NeedsTheRightsOfTheirKubernetesUser(string user, bool isAllowed)
    {
        const string Roles =
            """
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: web, namespace: shop}, rules: [{apiGroups: [apps], resources: [deployments], verbs: [get, patch]}]}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: web, namespace: shop}, roleRef: {kind: Role, name: web}, subjects: [{kind: User, name: alice}]}
            """;
        await using var room = await RemediationRoom.StartAsync(
            Shop.Manifests + "\n" + Roles,
            settings: [("Remediation:Approvers:0", null), ("Remediation:Approvers:0:User", RemediationRoom.Approver), ("Remediation:Approvers:0:KubernetesUser", user)]);
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);

        var completed = await room.ClickAsync(proposals[0]);

        completed.Outcome.ShouldBe(isAllowed ? RemediationOutcome.Applied : RemediationOutcome.Refused, completed.Reason);
        if (!isAllowed)
            completed.Reason.ShouldContain("may not get deployments.apps");
    }

    [Fact]
    public async Task Preview_ShowsTheWholeDiffAndChangesNothing()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.MoreMemory);

        var completed = await room.ClickAsync(proposals[0], RemediationVerb.Preview);

        completed.Reply.ShouldBe(
            "spec.template.spec.containers[web].resources.limits.memory: 256Mi → 512Mi\n\nHelm keeps this object and may revert the change: make it there, too.");
        completed.ReplyTitle.ShouldBe("Diff of \"Increase memory limit of web to 512Mi\"");
        room.Writes().ShouldBeEmpty();
        (await room.SnapshotAsync(id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Read_Log_IsRedactedBoundedAndAnsweredAgainFromTheRecord()
    {
        await using var room = await RemediationRoom.StartAsync();
        room.Cluster.SetLog("shop", "single", "app", string.Concat(Enumerable.Range(0, 600).Select(line => $"line {line} {new string('é', 100)}\n")) + "password=hunter2 \u001b[31mred\u001b[0m end\n");
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Action("view-logs", "Pod/single", ("container", "app")));
        var click = room.Click(proposals[0]);

        var reply = (await room.DeliverAsync(click)).ShouldHaveSingleItem();
        room.Cluster.SetLog("shop", "single", "app", "other");
        var again = (await room.DeliverAsync(click)).ShouldHaveSingleItem();

        var completed = reply.Message.ShouldBeOfType<RemediationCompleted>();
        System.Text.Encoding.UTF8.GetByteCount(completed.Reply!).ShouldBeInRange(40 * 1024, 48 * 1024);
        completed.Reply.ShouldEndWith("password=[redacted] red end");
        completed.ReplyTitle.ShouldBe("Log of Pod shop/single (app)");
        again.ShouldBe(reply);
    }

    [Fact]
    public async Task Undo_ValueChangedSince_IsRefused()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(new Subject("CronJob", "shop", "scraper"), Shop.Action("suspend-cronjob", "CronJob/scraper"));
        await room.ClickAsync(proposals[0]);
        await room.ChangeAsync(Shop.Scraper, """{"spec":{"suspend":false}}""");

        var refused = await room.ClickAsync(proposals[0], RemediationVerb.Undo);

        refused.Outcome.ShouldBe(RemediationOutcome.Refused);
        refused.Reason.ShouldContain("spec.suspend has changed");
        (await room.ClickAsync(proposals[0], RemediationVerb.Undo)).Reason.ShouldContain("nothing to undo");
    }

    [Fact]
    public async Task Undo_Twice_IsOneChange()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(new Subject("CronJob", "shop", "scraper"), Shop.Action("suspend-cronjob", "CronJob/scraper"));
        await room.ClickAsync(proposals[0]);
        var undo = room.Click(proposals[0], RemediationVerb.Undo, RemediationRoom.Second);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => room.DeliverAsync(undo), Cancellation)));
        var late = await room.ClickAsync(proposals[0], RemediationVerb.Undo);

        late.Reason.ShouldContain("undone");
        (await room.ObjectAsync(Shop.Scraper))!["metadata"]!["generation"]!.GetValue<int>().ShouldBe(3);
        (await room.ProposalAsync(proposals[0].Id)).UndoneBy.ShouldBe(RemediationRoom.Second);
    }

    private static bool IsPatch(RecordedRequest request) => request.Method == "PATCH";
}
