using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation;
using AlertResponder.Remediation.Proposals;
using AlertResponder.Remediation.Silences;
using AlertResponder.Simulators.Alertmanager;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AlertResponder.Tests.Unit.Remediation.Silences;

/// <summary>Silences through the stage.</summary>
public sealed class SilenceTests : IAsyncLifetime
{
    private const int Hour = 0;
    private const int UntilResolved = 2;

    private readonly RoomTime clock = new();
    private AlertmanagerSimulator alertmanager = null!;
    private RemediationRoom room = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        alertmanager = await AlertmanagerSimulator.StartAsync(time: clock, cancellationToken: Cancellation);
        alertmanager.Fire("01", "02");
        room = await RemediationRoom.StartAsync(settings: ("Alertmanager:Url", alertmanager.ExternalUrl));
    }

    public async ValueTask DisposeAsync()
    {
        await room.DisposeAsync();
        await alertmanager.DisposeAsync();
    }

    [Fact]
    public async Task Open_Incident_IsOfferedThreeSilencesOfItsAlerts()
    {
        // The namespace is not opted in: nothing changes in the cluster.
        var (_, proposals) = await OfferedAsync(new Subject("Deployment", "elsewhere", "web"));

        proposals.Select(proposal => (proposal.Title, proposal.Risk)).ShouldBe(
        [
            ("Silence for 1 h", RiskClass.Reversible), ("Silence for 4 h", RiskClass.Reversible), ("Silence until resolved", RiskClass.Reversible),
        ]);
        var diff = proposals[Hour].Diff.ShouldNotBeNull();
        diff.ShouldContain("alertname: KubePodCrashLooping");
        diff.ShouldContain("pod: one of web-1|web-2");
        diff.ShouldContain(alertmanager.ExternalUrl);
        alertmanager.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Execute_OneHour_SilencesAndSaysUntilWhen()
    {
        var (incident, proposals) = await OfferedAsync();

        var completed = await room.ClickAsync(proposals[Hour]);
        await PassAsync(TimeSpan.FromSeconds(5));

        completed.Outcome.ShouldBe(RemediationOutcome.Applied, completed.Reason);
        var silence = alertmanager.Silences.ShouldHaveSingleItem();
        silence["comment"]!.ToString().ShouldBe($"Alert Responder, proposal {proposals[Hour].Id}: requested by {RemediationRoom.Approver}");
        silence["matchers"]!.AsArray().Select(matcher => $"{matcher!["name"]} {matcher["value"]}").ShouldBe(["alertname KubePodCrashLooping", "namespace shop", "pod web-1|web-2"]);
        var shown = (await room.SnapshotAsync(incident)).Proposals.ShouldHaveSingleItem();
        (shown.State, shown.Progress, shown.RequestedBy, shown.CanBeUndone).ShouldBe((ProposalState.RollingOut, "silenced until 2026-11-22 03:13 UTC", RemediationRoom.Approver, true));
        alertmanager.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Execute_DeliveredAgainAndAgain_MakesOneSilence()
    {
        var (_, proposals) = await OfferedAsync();
        var click = room.Click(proposals[Hour]);
        alertmanager.Faults.Next(1, Fault.LostAnswer, request => request.Method == "POST");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => room.DeliverAsync(click)));
        await room.DeliverAsync(click);

        alertmanager.Silences.Count(silence => silence["status"]!["state"]!.ToString() == "active").ShouldBe(1);
    }

    [Fact]
    public async Task Execute_AlertmanagerWithoutTheseAlerts_IsRefused()
    {
        var (_, proposals) = await OfferedAsync();
        alertmanager.Resolve("01", "02");

        var completed = await room.ClickAsync(proposals[Hour]);

        completed.Outcome.ShouldBe(RemediationOutcome.Refused);
        completed.Reason.ShouldContain("does not have these alerts");
        alertmanager.Silences.ShouldBeEmpty();
    }

    [Fact]
    public async Task Execute_AlertmanagerIsDown_IsDoneWhenItAnswers()
    {
        var (_, proposals) = await OfferedAsync();
        using (alertmanager.Faults.Always(Fault.Status(503)))
        {
            await room.DeliverAsync(room.Click(proposals[Hour]));
        }

        (await room.ProposalAsync(proposals[Hour].Id)).Progress.ShouldBe("Alertmanager does not answer; trying again");
        await PassAsync(TimeSpan.FromMinutes(1));

        alertmanager.Silences.Count.ShouldBe(1);
        (await room.ProposalAsync(proposals[Hour].Id)).State.ShouldBe(ProposalState.Applied);
    }

    [Fact]
    public async Task Execute_Stranger_IsRefused()
    {
        var (_, proposals) = await OfferedAsync();

        (await room.ClickAsync(proposals[Hour], person: "U0STRANGER")).Outcome.ShouldBe(RemediationOutcome.Refused);

        alertmanager.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Undo_Active_LiftsAndOffersAgain()
    {
        var (incident, proposals) = await OfferedAsync();
        await room.ClickAsync(proposals[Hour]);

        var undone = await room.ClickAsync(proposals[Hour], RemediationVerb.Undo);
        await room.ProposeAsync(incident);

        undone.Outcome.ShouldBe(RemediationOutcome.Undone, undone.Reason);
        alertmanager.Silences.ShouldHaveSingleItem()["status"]!["state"]!.ToString().ShouldBe("expired");
        (await room.ProposalsAsync(incident)).Count(proposal => proposal.State == ProposalState.Offered).ShouldBe(3);
    }

    [Fact]
    public async Task Watch_HourIsOver_EndsWithoutBeingIneffective()
    {
        var (_, proposals) = await OfferedAsync();
        await room.ClickAsync(proposals[Hour]);
        await PassAsync(TimeSpan.FromMinutes(30));
        (await room.ProposalAsync(proposals[Hour].Id)).State.ShouldBe(ProposalState.RollingOut);

        await PassAsync(TimeSpan.FromMinutes(31));

        var ended = await room.ProposalAsync(proposals[Hour].Id);
        (ended.State, ended.Progress).ShouldBe((ProposalState.Undone, "the silence ended at 2026-11-22 03:13 UTC"));
    }

    [Fact]
    public async Task Watch_UntilResolved_MovesItsEndAndLiftsIt()
    {
        var (incident, proposals) = await OfferedAsync();
        await room.ClickAsync(proposals[UntilResolved]);
        await PassAsync(TimeSpan.FromHours(3));
        await Watch().LookAsync(Cancellation);
        await PassAsync(TimeSpan.FromHours(3));

        (await room.ProposalAsync(proposals[UntilResolved].Id)).Progress.ShouldBe("silenced until the alerts are resolved");
        alertmanager.Silences.ShouldHaveSingleItem()["status"]!["state"]!.ToString().ShouldBe("active");

        await room.ResolveAsync(incident);
        await Watch().LookAsync(Cancellation);
        await PassAsync(TimeSpan.FromMinutes(1));

        alertmanager.Silences.ShouldHaveSingleItem()["status"]!["state"]!.ToString().ShouldBe("expired");
        (await room.ProposalAsync(proposals[UntilResolved].Id)).State.ShouldBe(ProposalState.Undone);
        alertmanager.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Watch_UntilResolvedForSixDays_IsExtendedNoMore()
    {
        var (_, proposals) = await OfferedAsync();
        await room.ClickAsync(proposals[UntilResolved]);
        await room.Store.ChangeAsync(async context =>
            (await context.Proposals.SingleAsync(proposal => proposal.Id == proposals[UntilResolved].Id, Cancellation)).AppliedAt = Samples.Start.AddDays(-6).AddHours(5));
        await PassAsync(TimeSpan.FromHours(3));
        await Watch().LookAsync(Cancellation);
        await PassAsync(TimeSpan.FromHours(3));

        alertmanager.Silences.ShouldHaveSingleItem()["status"]!["state"]!.ToString().ShouldBe("expired");
        (await room.ProposalAsync(proposals[UntilResolved].Id)).State.ShouldBe(ProposalState.Undone);
    }

    // Before any comparison has found them: one that ends meanwhile is to be missed there.
    [Fact]
    public async Task Watch_SilencedAlerts_AreComparedWithTheAlertmanagerOfTheirSilence()
    {
        var (incident, proposals) = await OfferedAsync();
        await AddAsync(incident, "03", "web-3");
        await Watch().LookAsync(Cancellation);
        (await ListedAsync()).ShouldBeEmpty("nothing is silenced");
        await room.ClickAsync(proposals[Hour]);
        alertmanager.Resolve("01");

        await Watch().LookAsync(Cancellation);

        (await ListedAsync()).ShouldBe(["01", "02"]);
    }

    [Fact]
    public async Task Watch_LiftedBeforeThat_NotesItOnce()
    {
        var (_, proposals) = await OfferedAsync();
        await room.ClickAsync(proposals[Hour]);
        await room.ClickAsync(proposals[Hour], RemediationVerb.Undo);

        await Watch().LookAsync(Cancellation);
        var calls = alertmanager.Requests.Count;
        await Watch().LookAsync(Cancellation);

        (await ListedAsync()).ShouldBe(["01", "02"]);
        alertmanager.Requests.Count.ShouldBe(calls, "what has ended is looked at once");
    }

    [Fact]
    public async Task Watch_AnotherAlertHasJoined_HasTheOffersMadeAnew()
    {
        var (incident, proposals) = await OfferedAsync();
        await Watch().LookAsync(Cancellation);
        (await room.Store.IncidentAsync(incident)).ProposedRevision.ShouldBe(1);
        await AddAsync(incident, "03", "web-3");

        await Watch().LookAsync(Cancellation);

        (await room.Store.IncidentAsync(incident)).ProposedRevision.ShouldBe(IncidentProgress.ProposalsOwed);

        // They cannot be made, and wait.
        var waitsUntil = room.Time.GetUtcNow().AddMinutes(5).InMicroseconds();
        await room.Store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.ProposeAt, waitsUntil).SetProperty(i => i.ProposeTries, 3), Cancellation));
        await Watch().LookAsync(Cancellation);
        var waiting = await room.Store.IncidentAsync(incident);
        (waiting.ProposeAt, waiting.ProposeTries).ShouldBe((waitsUntil, 3));
        await room.ProposeAsync(incident);
        var offered = (await room.ProposalsAsync(incident)).Where(proposal => proposal.State == ProposalState.Offered).ToList();
        offered.Count.ShouldBe(3);
        offered.ShouldAllBe(proposal => proposal.Diff!.Contains("web-3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_OffersAndSilencesThatCannotBeRead_KeepTheOthersFromNothing()
    {
        var (incident, proposals) = await OfferedAsync();
        await room.ClickAsync(proposals[UntilResolved]);
        for (var number = 0; number < 4; number++)
        {
            var (broken, offers) = await OfferedAsync(Shop.WebSubject with { Name = $"broken-{number}" }, $"b{number}");
            await room.Store.ReadAsync(context => context.Proposals.Where(p => p.IncidentId == broken).ExecuteUpdateAsync(set => set.SetProperty(p => p.PreconditionJson, "null"), Cancellation));
            await room.Store.ReadAsync(context => context.Proposals.Where(p => p.Id == offers[0].Id).ExecuteUpdateAsync(
                set => set.SetProperty(p => p.State, ProposalState.Applied).SetProperty(p => p.DueAt, room.Time.GetUtcNow()), Cancellation));
        }

        var (other, _) = await OfferedAsync(Shop.WebSubject with { Name = "other" }, "o");
        await AddAsync(other, "o3", "web-3");
        await room.ResolveAsync(incident);

        await Watch().LookAsync(Cancellation);

        (await room.Store.IncidentAsync(other)).ProposedRevision.ShouldBe(IncidentProgress.ProposalsOwed);
        alertmanager.Requests.ShouldContain(request => request.Method == "DELETE");
    }

    [Fact]
    public async Task Open_ClusterIsDown_IsOfferedSilencesAllTheSame()
    {
        using var outage = room.Cluster.Faults.Always(Fault.Status(503));

        var (incident, proposals) = await OfferedAsync(Shop.WebSubject, Shop.Restart);

        proposals.Length.ShouldBe(3);
        (await room.Store.IncidentAsync(incident)).ProposedRevision.ShouldBeNull();
    }

    private SilenceWatch Watch() => new(
        room.Services.GetRequiredService<IServiceScopeFactory>(),
        room.Services.GetRequiredService<Silencer>(),
        room.Services.GetRequiredService<IOptions<RemediationOptions>>(),
        room.Time,
        NullLogger<SilenceWatch>.Instance);

    private Task<string[]> ListedAsync() => room.Store.ReadAsync(context =>
        context.Alerts.Where(alert => alert.ListedAt != null).Select(alert => alert.Fingerprint).Order().ToArrayAsync(Cancellation));

    private Task PassAsync(TimeSpan time)
    {
        clock.Advance(time);
        return room.LookAsync(time);
    }

    private Task<(Guid IncidentId, Proposal[] Proposals)> OfferedAsync(Subject? subject = null, params SuggestedAction[] actions) =>
        OfferedAsync(subject ?? Shop.WebSubject, "0", actions);

    private async Task<(Guid IncidentId, Proposal[] Proposals)> OfferedAsync(Subject subject, string fingerprints, params SuggestedAction[] actions)
    {
        var incident = await room.IncidentAsync(subject, actions);
        await AddAsync(incident, $"{fingerprints}1", "web-1");
        await AddAsync(incident, $"{fingerprints}2", "web-2");
        await room.ProposeAsync(incident);
        return (incident, await room.ProposalsAsync(incident));
    }

    private Task AddAsync(Guid incident, string fingerprint, string pod) => room.Store.ChangeAsync(context =>
    {
        context.Alerts.Add(Samples.Row(Samples.Alert(fingerprint, labels: [("namespace", "shop"), ("pod", pod)]).Received(), incident));
        return Task.CompletedTask;
    });
}
