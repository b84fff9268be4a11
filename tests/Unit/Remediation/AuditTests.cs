using AlertResponder.Contracts;
using AlertResponder.Incidents.Audit;

namespace AlertResponder.Tests.Unit.Remediation;

/// <summary>Who asked for what, and what came of it, is in the audit trail, once.</summary>
public sealed class AuditTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Execute_ThenUndo_IsToldWithBothSidesOfTheChange()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.MoreMemory);

        await room.ClickAsync(proposals[0]);
        await room.ClickAsync(proposals[0], RemediationVerb.Undo, RemediationRoom.Second);

        var trail = await TrailAsync(room);
        trail.Select(row => (row.Step, row.Actor, row.Channel, row.Reason)).ShouldBe(
        [
            (AuditStep.Requested, RemediationRoom.Approver, "slack", null),
            (AuditStep.Applied, RemediationRoom.Approver, null, $"{proposals[0].Title}: applied."),
            (AuditStep.Requested, RemediationRoom.Second, "slack", "undo"),
            (AuditStep.Undone, RemediationRoom.Second, null, $"{proposals[0].Title}: undone."),
        ]);
        trail.ShouldAllBe(row => row.IncidentId == id && row.ProposalId == proposals[0].Id && row.Action == "increase-memory-limit" && row.Target == "Deployment/shop/web");
        (trail[1].Before, trail[1].After).ShouldSatisfyAllConditions(
            sides => sides.Before.ShouldNotBeNull().ShouldEndWith("resources.limits.memory: 256Mi"),
            sides => sides.After.ShouldNotBeNull().ShouldEndWith("resources.limits.memory: 512Mi"));
        (trail[3].Before, trail[3].After).ShouldBe((trail[1].After, trail[1].Before));
    }

    [Fact]
    public async Task Execute_Delivered_Again_IsToldOnce()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);
        var click = room.Click(proposals[0]);

        await room.DeliverAsync(click);
        await room.DeliverAsync(click);

        (await TrailAsync(room)).Select(row => row.Step).ShouldBe([AuditStep.Requested, AuditStep.Applied]);
    }

    [Fact]
    public async Task Execute_ByAStrangerAndForTheUnknown_IsToldWithTheRefusal()
    {
        await using var room = await RemediationRoom.StartAsync();
        var (id, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Restart);

        await room.ClickAsync(proposals[0], person: "U0STRANGER");
        await room.DeliverAsync(room.Click(proposals[0]) with { ProposalId = Guid.Empty });

        var trail = await TrailAsync(room);
        trail.ShouldAllBe(row => row.Step == AuditStep.Refused && row.IncidentId == id);
        (trail[0].Actor, trail[0].Target).ShouldBe(("U0STRANGER", "Deployment/shop/web"));
        trail[0].Reason.ShouldNotBeNull().ShouldStartWith("Stranger: ");
        (trail[1].Action, trail[1].Target).ShouldBe(("unknown", "unknown"));
        trail[1].Reason.ShouldNotBeNull().ShouldStartWith("NoSuchProposal: ");
    }

    [Fact]
    public async Task Execute_InTwo_TellsBothPeople()
    {
        await using var room = await RemediationRoom.StartAsync(settings: ("Remediation:TwoPersonRule", "true"));
        var (_, proposals) = await room.OfferedAsync(Shop.WebSubject, Shop.Evict);

        await room.DeliverAsync(room.Click(proposals[0]));
        await room.ClickAsync(proposals[0], person: RemediationRoom.Second);

        (await TrailAsync(room)).Select(row => (row.Step, row.Actor)).Take(2).ShouldBe(
        [
            (AuditStep.Requested, RemediationRoom.Approver),
            (AuditStep.Approved, RemediationRoom.Second),
        ]);
    }

    private static async Task<List<AuditEntry>> TrailAsync(RemediationRoom room)
    {
        (await room.Store.ReadAsync(store => AuditTrail.VerifyAsync(store, known: null, Cancellation))).Problem.ShouldBeNull();
        return await room.Store.ReadAsync(async store => await AuditTrail.ReadAsync(store, 0, Cancellation).ToListAsync(Cancellation));
    }
}
