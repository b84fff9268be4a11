using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Remediation;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AlertResponder.Tests.Unit.Remediation;

public sealed class RemediationDeskTests : IAsyncLifetime
{
    private readonly ManualTimeProvider time = new(Samples.Start);
    private readonly Incident incident = Samples.Incident();
    private TemporaryStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RemediationRequested Request =>
        new(incident.Id, new Guid("0198c0de-0000-7000-8000-00000000000a"), RemediationVerb.Execute, "U123", Samples.Start, "slack");

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Answer_RemediationIsOff_RefusesAndSaysHowToOptIn()
    {
        var completed = (await AnswerAsync(Request)).ShouldNotBeNull();

        (completed.Outcome, completed.RequestedBy, completed.Change, completed.CompletedAt).ShouldBe((RemediationOutcome.Refused, "U123", null, Samples.Start));
        completed.Reason.ShouldContain("Remediation:Enabled");
        var changed = await store.IncidentAsync(incident.Id);
        (changed.Version, changed.DriveAt).ShouldBe((2, Samples.Start + StallRule.StalledAfter));
    }

    [Fact]
    public async Task Answer_RemediationIsOn_RefusesWhatWasNeverProposed() =>
        (await AnswerAsync(Request, enabled: true)).ShouldNotBeNull().Reason.ShouldContain("no such proposal");

    [Fact]
    public async Task Answer_SameRequestAgain_GivesTheSameAnswerAndOneRecord()
    {
        var first = await AnswerAsync(Request);
        time.Advance(TimeSpan.FromMinutes(1));

        var again = await AnswerAsync(Request, enabled: true);

        again.ShouldBe(first);
        (await CountAsync()).ShouldBe(1);
        (await store.IncidentAsync(incident.Id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Answer_SameRequestAtOnce_GivesTheSameAnswerAndOneRecord()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => AnswerAsync(Request), Cancellation)));

        answers.Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
        (await CountAsync()).ShouldBe(1);
        (await store.IncidentAsync(incident.Id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Answer_OtherClicks_AreAnsweredEach()
    {
        await AnswerAsync(Request);
        await AnswerAsync(Request with { RequestedBy = "U456" });
        await AnswerAsync(Request with { Verb = RemediationVerb.Undo });
        await AnswerAsync(Request with { RequestedAt = Samples.Start.AddTicks(1) });
        await AnswerAsync(Request with { ProposalId = Guid.NewGuid() });

        (await CountAsync()).ShouldBe(5);
        (await store.IncidentAsync(incident.Id)).Version.ShouldBe(6);
        (await store.ReadAsync(context => context.ReadSnapshotAsync(incident.Id, Cancellation))).ShouldNotBeNull().Remediations.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Answer_UnknownIncident_IsNone()
    {
        (await AnswerAsync(Request with { IncidentId = Guid.NewGuid() })).ShouldBeNull();

        (await CountAsync()).ShouldBe(0);
    }

    private Task<int> CountAsync() => store.ReadAsync(context => context.Remediations.CountAsync(Cancellation));

    private async Task<RemediationCompleted?> AnswerAsync(RemediationRequested request, bool enabled = false)
    {
        await using var scope = store.Open();
        var desk = new RemediationDesk(scope.Context, Options.Create(new RemediationOptions { Enabled = enabled }), time, NullLogger<RemediationDesk>.Instance);
        return await desk.AnswerAsync(request, Cancellation);
    }
}
