using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation.Execution;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Remediation;

public sealed class ProposalDeskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Propose_SuggestedActions_AreOfferedInTheirOrderAndShown()
    {
        await using var room = await RemediationRoom.StartAsync();
        var id = await room.IncidentAsync(Shop.WebSubject, [Shop.MoreMemory, Shop.Restart, Shop.Action("view-logs", "Pod/single", ("container", "app"))]);

        var proposed = (await room.ProposeAsync(id)).ShouldNotBeNull();

        proposed.Revision.ShouldBe(1);
        proposed.Proposals.Select(proposal => proposal.Action.Kind).ShouldBe(["increase-memory-limit", "restart-workload", "view-logs"]);
        proposed.Proposals[0].Action.Parameters.ShouldBe(new Dictionary<string, string> { ["container"] = "web", ["currentLimit"] = "256Mi", ["limit"] = "512Mi" }, ignoreOrder: true);
        proposed.Proposals[0].Action.Target.Uid.ShouldBe("d-web");
        proposed.Proposals.ShouldAllBe(proposal => proposal.ExpiresAt == Samples.Start.AddMinutes(30));
        var snapshot = await room.SnapshotAsync(id);
        snapshot.Version.ShouldBe(2);
        snapshot.Proposals.Select(proposal => proposal.Id).ShouldBe(proposed.Proposals.Select(proposal => proposal.Id));
        (await room.Store.IncidentAsync(id)).ProposedRevision.ShouldBe(1);
        room.Writes().ShouldBeEmpty();
    }

    [Fact]
    public async Task Propose_DeliveredAgain_OffersTheSameAndChangesNothing()
    {
        await using var room = await RemediationRoom.StartAsync();
        var id = await room.IncidentAsync(Shop.WebSubject, [Shop.MoreMemory, Shop.Restart]);
        var first = (await room.ProposeAsync(id))!;
        room.Time.Advance(TimeSpan.FromMinutes(5));

        var again = (await room.ProposeAsync(id))!;

        again.Proposals.Select(proposal => (proposal.Id, proposal.ExpiresAt)).ShouldBe(first.Proposals.Select(proposal => (proposal.Id, proposal.ExpiresAt)));
        (await room.ProposalsAsync(id)).Length.ShouldBe(2);
        (await room.SnapshotAsync(id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Propose_AtOnceByTwoWorkers_OffersEachOnce()
    {
        await using var room = await RemediationRoom.StartAsync();
        var id = await room.IncidentAsync(Shop.WebSubject, [Shop.MoreMemory, Shop.Restart]);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => room.ProposeAsync(id), Cancellation)));

        (await room.ProposalsAsync(id)).Count(proposal => proposal.State == ProposalState.Offered).ShouldBe(2);
    }

    [Fact]
    public async Task Propose_NextRevision_OutdatesWhatWasOffered()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, first) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);
        await room.Store.ChangeAsync(async context =>
        {
            var incident = await context.Incidents.SingleAsync(Cancellation);
            (incident.Revision, incident.AnalyzedRevision) = (2, 2);
            incident.AnalysisJson = StoredJson.Write(Samples.Analysis(id, revision: 2) with { SuggestedActions = [Shop.Restart] });
        });

        await room.ProposeAsync(id);

        (await room.ProposalAsync(first[0].Id)).State.ShouldBe(ProposalState.Stale);
        (await room.SnapshotAsync(id)).Proposals.ShouldHaveSingleItem().Revision.ShouldBe(2);
        (await room.ClickAsync(first[0])).ForRequesterOnly.ShouldBeTrue();
        room.Writes().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Remediation:Enabled", "false")]
    [InlineData("Remediation:Namespaces:0", "bakery")]
    public async Task Propose_NotOptedIn_OffersNothing(string key, string value)
    {
        await using var room = await RemediationRoom.StartAsync(settings: (key, value));

        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart, Shop.Action("view-events", "Pod/single"));

        proposals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Propose_NodesNotOptedIn_OffersNothingOnThem()
    {
        await using var room = await RemediationRoom.StartAsync(settings: ("Remediation:Nodes", "false"));

        (await room.OfferedAsync(new Subject("Node", null, "node-1"), Shop.Action("uncordon-node", "Node/node-1"))).Proposals.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Kubernetes:ClusterName", null, false)]
    [InlineData("Kubernetes:ClusterName", "eu-2", false)]
    [InlineData("Kubernetes:ClusterName", "eu-1", true)]
    [InlineData("Remediation:Cluster", "eu-2", false)]
    [InlineData("Remediation:Cluster", "eu-1", true)]
    public async Task Propose_SubjectOfANamedCluster_NeedsThatThisIsIt(string setting, string? here, bool isOffered)
    {
        await using var room = await RemediationRoom.StartAsync(settings: (setting, here));

        (await room.OfferedAsync(Shop.WebSubject with { Cluster = "eu-1" }, Shop.Restart)).Proposals.Length.ShouldBe(isOffered ? 1 : 0);
    }

    [Fact]
    public async Task Propose_HealthyOrResolved_OffersNothing()
    {
        await using var room = await RemediationRoom.StartAsync();
        var healthy = await room.IncidentAsync(Shop.WebSubject, [Shop.Restart], severity: Severity.Info);
        var resolved = await room.IncidentAsync(Shop.WebSubject with { Name = "other" }, [Shop.Restart]);
        await room.ResolveAsync(resolved);

        (await room.ProposeAsync(healthy))!.Proposals.ShouldBeEmpty();
        (await room.ProposeAsync(resolved))!.Proposals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Propose_ChangeInAnotherNamespaceThanTheSubjects_IsNotOffered()
    {
        await using var room = await RemediationRoom.StartAsync();

        (await room.OfferedAsync(new Subject("Deployment", "bakery", "oven"), Shop.Restart)).Proposals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Propose_IneffectiveTwice_IsOfferedNoMore_NotEvenInTheNextIncident()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, _) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart, Shop.MoreMemory);
        for (var tries = 1; tries <= 2; tries++)
        {
            var offered = (await room.ProposalsAsync(id)).Single(proposal => proposal is { Kind: "restart-workload", State: ProposalState.Offered });
            await room.ClickAsync(offered);
            await room.LookForAsync(TimeSpan.FromMinutes(16));
            (await room.ProposalAsync(offered.Id)).State.ShouldBe(ProposalState.Ineffective);
        }

        (await room.SnapshotAsync(id)).Proposals.Where(proposal => proposal.State == ProposalState.Offered).ShouldHaveSingleItem().Action.Kind.ShouldBe("increase-memory-limit");
        await room.ResolveAsync(id);
        (await room.OfferedAsync(Shop.WebSubject, Shop.Restart)).Proposals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Propose_ClusterDown_StaysOwedAndIsMadeByTheWatch()
    {
        await using var room = await RemediationRoom.StartAsync();
        var id = await room.IncidentAsync(Shop.WebSubject, [Shop.Restart]);
        using (room.Cluster.Faults.Always(ClusterFaults.Unavailable()))
        {
            (await room.ProposeAsync(id)).ShouldBeNull();
        }

        await room.LookAsync(TimeSpan.FromMinutes(2));

        (await room.ProposalsAsync(id)).ShouldHaveSingleItem().State.ShouldBe(ProposalState.Offered);
    }

    [Fact]
    public async Task Watch_AnalysisWhoseMessageWasLost_IsTakenUpAfterAMinute()
    {
        await using var room = await RemediationRoom.StartAsync();
        var id = await room.IncidentAsync(Shop.WebSubject, [Shop.Restart]);

        // Alerts that join have the message drawn later and later.
        await room.Store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.ProposeAt, Samples.Start.AddMinutes(1)).SetProperty(i => i.DriveAt, Samples.Start.AddHours(1)), Cancellation));

        await room.LookAsync(TimeSpan.FromSeconds(30));
        var early = await room.ProposalsAsync(id);
        await room.LookAsync(TimeSpan.FromSeconds(31));

        early.ShouldBeEmpty();
        (await room.ProposalsAsync(id)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Watch_FiftyThatCannotBeMade_StarveNoOtherAndWaitForTheirNextTry()
    {
        await using var room = await RemediationRoom.StartAsync();
        for (var number = 0; number < 50; number++)
        {
            await room.IncidentAsync(Shop.WebSubject with { Name = $"broken-{number}" }, [Shop.Restart]);
        }

        await room.Store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.AnalysisJson, "null"), Cancellation));
        var good = await room.IncidentAsync(Shop.WebSubject, [Shop.Restart]);
        await room.Store.ReadAsync(context => context.Incidents.Where(i => i.Id == good).ExecuteUpdateAsync(set => set.SetProperty(i => i.ProposeAt, Samples.Start.AddSeconds(61)), Cancellation));

        await room.LookAsync(TimeSpan.FromMinutes(2));
        await room.LookAsync(TimeSpan.FromSeconds(2));
        await room.LookAsync(TimeSpan.FromSeconds(2));

        (await room.ProposalsAsync(good)).ShouldHaveSingleItem();
        var broken = (await room.Store.IncidentsAsync()).Where(incident => incident.Id != good).ToArray();
        broken.ShouldAllBe(incident => incident.ProposeTries == 1 && incident.ProposeAt > room.Time.GetUtcNow().AddSeconds(40));

        await room.LookAsync(TimeSpan.FromMinutes(1));
        (await room.Store.IncidentsAsync()).Where(incident => incident.Id != good).ShouldAllBe(incident => incident.ProposeTries == 2);
    }

    [Fact]
    public async Task Watch_OwedAnewWhileTheyAreMade_MakesThemOnceMore()
    {
        await using var room = await RemediationRoom.StartAsync();
        var id = await room.IncidentAsync(Shop.WebSubject, [Shop.Restart]);
        var isOwed = false;
        using (room.Cluster.Faults.Always(ClusterFaults.Unavailable(), _ => OweOnce()))
        {
            await room.ProposeAsync(id);
        }

        isOwed.ShouldBeTrue();
        (await room.Store.IncidentAsync(id)).ProposedRevision.ShouldBe(IncidentProgress.ProposalsOwed);
        var asked = room.Cluster.Requests.Count;
        await room.LookAsync(TimeSpan.FromSeconds(2));

        var incident = await room.Store.IncidentAsync(id);
        (incident.ProposedRevision, incident.ProposeAt).ShouldBe((1, null));
        room.Cluster.Requests.Count.ShouldBeGreaterThan(asked);

        bool OweOnce()
        {
            if (!isOwed)
            {
                isOwed = true;
                using var scope = room.Services.CreateScope();
                scope.ServiceProvider.GetRequiredService<ProposalRecords>().OweProposalsAsync(id, room.Time.GetUtcNow(), Cancellation).GetAwaiter().GetResult();
            }

            return false;
        }
    }

    [Fact]
    public async Task Watch_NeitherClusterNorAlertmanager_AsksOnce()
    {
        await using var room = await RemediationRoom.StartAsync(settings: ("KUBECONFIG", null));
        var id = await room.IncidentAsync(Shop.WebSubject, [Shop.Restart]);

        await room.LookAsync(TimeSpan.FromMinutes(1));

        var incident = await room.Store.IncidentAsync(id);
        (incident.ProposedRevision, incident.ProposeAt, incident.Version).ShouldBe((1, null, 1));
        (await room.ProposalsAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Watch_OutageIsOver_ForgetsTheTries()
    {
        await using var room = await RemediationRoom.StartAsync();
        var id = await room.IncidentAsync(Shop.WebSubject, [Shop.Restart]);
        using (room.Cluster.Faults.Always(ClusterFaults.Unavailable()))
        {
            await room.LookAsync(TimeSpan.FromMinutes(2));
        }

        (await room.Store.IncidentAsync(id)).ProposeTries.ShouldBe(1);
        await room.LookAsync(TimeSpan.FromMinutes(1));

        var incident = await room.Store.IncidentAsync(id);
        (incident.ProposedRevision, incident.ProposeAt, incident.ProposeTries).ShouldBe((1, null, null));
    }

    [Fact]
    public async Task Click_Expired_IsRefusedAndAFreshOneComes()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);
        room.Time.Advance(TimeSpan.FromMinutes(30));

        var refused = await room.ClickAsync(proposals[0]);
        await room.LookAsync(TimeSpan.FromSeconds(2));

        (refused.Outcome, refused.ForRequesterOnly).ShouldBe((RemediationOutcome.Refused, true));
        refused.Reason.ShouldContain("expired at 02:43 UTC");
        (await room.ProposalAsync(proposals[0].Id)).State.ShouldBe(ProposalState.Expired);
        var fresh = (await room.SnapshotAsync(id)).Proposals.ShouldHaveSingleItem();
        fresh.Id.ShouldNotBe(proposals[0].Id);
        (await room.ClickAsync(await room.ProposalAsync(fresh.Id))).Outcome.ShouldBe(RemediationOutcome.Applied);
    }
}
