using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class UntoldAnswersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_AnswersThatWereNotTold_AreOnTheBusAgain_AndNoOthers()
    {
        await using var store = await TemporaryStore.CreateAsync();
        await using var bus = await RecordingBus.StartAsync();
        using var lifetime = new Lifetime();
        var incident = Samples.Incident();
        var now = Samples.Start;
        var untold = new[] { Entry(now.AddHours(-2), reply: "a diff"), Entry(now.AddHours(-1), forRequesterOnly: true) };
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            context.Remediations.AddRange(untold);
            context.Remediations.AddRange(
                Entry(now.AddMinutes(-3)),
                new RemediationEntry { Id = Guid.NewGuid(), IncidentId = incident.Id, CompletedAt = now.AddHours(-3), Json = "null", Reply = "cannot be read" },
                Entry(now.AddMinutes(-2), reply: "a log", toldAt: now.AddMinutes(-1)),
                Entry(now.AddDays(-2), forRequesterOnly: true));
            return Task.CompletedTask;
        });
        using var answers = new UntoldAnswers(store.Scopes, bus.Bus, lifetime, new FakeTimeProvider(now), NullLogger<UntoldAnswers>.Instance);

        await answers.StartAsync(Cancellation);
        lifetime.Start();
        await answers.ExecuteTask!.WaitAsync(Cancellation);
        await bus.ReceivedAsync(2);

        bus.Deliveries.Select(delivery => delivery.Id).ShouldBe(untold.Select(entry => (Guid?)MessageIds.For(nameof(RemediationCompleted), entry.Id)), ignoreOrder: true);
        bus.Deliveries.Select(delivery => ((RemediationCompleted)delivery.Message).Reply).ShouldBe(["a diff", null], ignoreOrder: true);

        RemediationEntry Entry(DateTimeOffset completedAt, string? reply = null, bool? forRequesterOnly = null, DateTimeOffset? toldAt = null)
        {
            var id = Guid.NewGuid();
            var completed = new RemediationCompleted(incident.Id, Guid.NewGuid(), RemediationOutcome.Applied, "done", null, "U0ABC123", completedAt, id) { ForRequesterOnly = forRequesterOnly == true };
            return new RemediationEntry { Id = id, IncidentId = incident.Id, CompletedAt = completedAt, Json = StoredJson.Write(completed), Reply = reply, ForRequesterOnly = forRequesterOnly, ToldAt = toldAt };
        }
    }
}
