using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Tests.Unit.Remediation;

public sealed class FollowUpTests
{
    [Fact]
    public async Task Watch_PriceScraper_IsVerifiedWhenTheNextRunIsFineAndTheAlertResolved()
    {
        await using var room = await RemediationRoom.StartAsync();
        room.Cluster.OnTemplate("CronJob", "shop", "scraper").OomBelow("400Mi");
        var (id, proposals) = await room.OfferedAsync(new Subject("CronJob", "shop", "scraper"), Shop.MoreMemoryForScraper);
        await room.ClickAsync(proposals[0]);

        await room.LookForAsync(TimeSpan.FromMinutes(20));
        var waiting = await room.ProposalAsync(proposals[0].Id);
        room.Cluster.RunCronJob("shop", "scraper");
        await room.LookForAsync(TimeSpan.FromMinutes(1));
        var ran = await room.ProposalAsync(proposals[0].Id);
        await room.ResolveAsync(id);
        await room.LookForAsync(TimeSpan.FromMinutes(1));

        (waiting.State, waiting.Progress).ShouldBe((ProposalState.RollingOut, "waiting for the next run (*/10 * * * *)"));
        (ran.State, ran.Progress).ShouldBe((ProposalState.RollingOut, "the next run succeeded; waiting for the alerts to resolve"));
        var verified = await room.ProposalAsync(proposals[0].Id);
        (verified.State, verified.DueAt).ShouldBe((ProposalState.Verified, null));
        var snapshot = await room.SnapshotAsync(id);
        snapshot.Remediations.Select(remediation => remediation.Outcome).ShouldBe([RemediationOutcome.Applied, RemediationOutcome.Verified]);
        snapshot.Proposals.ShouldHaveSingleItem().CanBeUndone.ShouldBeTrue();
        (await room.ClickAsync(proposals[0], RemediationVerb.Undo)).Outcome.ShouldBe(RemediationOutcome.Undone);
        (await room.ObjectAsync(Shop.Scraper))!["spec"]!.ToJsonString().ShouldContain("\"limits\":{\"memory\":\"256Mi\"}");
    }

    [Fact]
    public async Task Watch_NextRunFails_IsIneffectiveAtOnce()
    {
        await using var room = await RemediationRoom.StartAsync();
        room.Cluster.OnTemplate("CronJob", "shop", "scraper").OomBelow("1Gi");
        var (_, proposals) = await room.OfferedAsync(new Subject("CronJob", "shop", "scraper"), Shop.MoreMemoryForScraper);
        await room.ClickAsync(proposals[0]);
        room.Cluster.RunCronJob("shop", "scraper");
        room.Cluster.RunCronJob("shop", "scraper");

        await room.LookForAsync(TimeSpan.FromMinutes(1));

        var seen = await room.ProposalAsync(proposals[0].Id);
        (seen.State == ProposalState.Ineffective || seen.Progress!.Contains("runs", StringComparison.Ordinal)).ShouldBeTrue($"{seen.State}: {seen.Progress}");
    }

    [Fact]
    public async Task Watch_AlertGoesOn_IsIneffectiveAfterTheDeadlineAndOfferedOnceMore()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);
        await room.ClickAsync(proposals[0]);

        await room.LookForAsync(TimeSpan.FromMinutes(14));
        var before = await room.ProposalAsync(proposals[0].Id);
        await room.LookForAsync(TimeSpan.FromMinutes(2));

        before.State.ShouldBe(ProposalState.RollingOut);
        (await room.ProposalAsync(proposals[0].Id)).Progress.ShouldBe("ineffective: rolled out 3/3, and the alerts still fire");
        (await room.SnapshotAsync(id)).Proposals.Select(proposal => proposal.State).ShouldBe([ProposalState.Ineffective, ProposalState.Offered]);
    }

    [Fact]
    public async Task Watch_AlertResolvedButNotRolledOut_IsNotVerified()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.MoreMemory);
        room.Cluster.OnTemplate("Deployment", "shop", "web").ExitsWith(1);
        await room.ClickAsync(proposals[0]);
        await room.ResolveAsync(id);

        await room.LookForAsync(TimeSpan.FromMinutes(2));
        var rolling = await room.ProposalAsync(proposals[0].Id);
        await room.LookForAsync(TimeSpan.FromMinutes(14));

        rolling.State.ShouldBe(ProposalState.RollingOut);
        rolling.Progress.ShouldNotBeNull().ShouldStartWith("rolling out");
        (await room.ProposalAsync(proposals[0].Id)).State.ShouldBe(ProposalState.Ineffective);
    }

    [Fact]
    public async Task Watch_EachStep_RaisesTheVersionAndOnlyThen()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);
        await room.ClickAsync(proposals[0]);
        var applied = (await room.SnapshotAsync(id)).Version;

        await room.LookAsync(TimeSpan.FromSeconds(5));
        var rolledOut = (await room.SnapshotAsync(id)).Version;
        await room.LookForAsync(TimeSpan.FromMinutes(5));

        (rolledOut - applied).ShouldBe(1);
        (await room.SnapshotAsync(id)).Version.ShouldBe(rolledOut);
    }
}
