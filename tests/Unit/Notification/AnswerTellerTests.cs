using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Notification.Slack;
using AlertResponder.Resilience;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Notification;

/// <summary>Answers to clicks, in the thread and to one person, with Slack on the wire.</summary>
public sealed class AnswerTellerTests : IAsyncLifetime
{
    private const string Person = "U0ABC123";

    private readonly Incident incident = Samples.Incident();
    private readonly Guid requestId = Guid.NewGuid();
    private TemporaryStore store = null!;
    private SlackSimulator slack = null!;
    private SlackMessenger messenger = null!;
    private ServiceProvider upstreams = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        slack = await SlackSimulator.StartAsync("xoxb-1", cancellationToken: Cancellation);
        slack.AddUser(Person, "alice");
        var options = new SlackOptions { BotToken = "xoxb-1", Channel = SlackSimulator.AlertsChannel, ApiUrl = slack.ApiUrl.AbsoluteUri, PostsPerSecond = 1000 };
        upstreams = new ServiceCollection().AddLogging().AddUpstream(UpstreamNames.Slack).BuildServiceProvider();
        messenger = new SlackMessenger(
            SlackApi.Create(options), upstreams.GetRequiredKeyedService<Upstream>(UpstreamNames.Slack), options, new SlackChannels(options, TimeProvider.System, NullLogger<SlackChannels>.Instance), TimeProvider.System, NullLogger<SlackMessenger>.Instance);
        var posted = await messenger.PostAsync(Snapshots.PriceScraper(), _ => Task.CompletedTask, Cancellation);
        (incident.MessageChannel, incident.MessageTs) = (posted.Channel, posted.Ts);
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        messenger.Dispose();
        await upstreams.DisposeAsync();
        await slack.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Tell_Reply_IsInTheThreadOnceHoweverOftenItIsDelivered()
    {
        var completed = Completed() with { Reply = "- limits.memory: 256Mi\n+ limits.memory: 512Mi <!channel>", ReplyTitle = "Diff of \"Increase memory limit\"" };
        await RecordAsync(completed);

        await TellAsync(completed);
        await TellAsync(completed);

        var reply = slack.Messages.Where(message => message.ThreadTs == incident.MessageTs).ShouldHaveSingleItem();
        reply.Blocks[1].GetProperty("elements")[0].GetProperty("elements")[0].GetProperty("text").GetString().ShouldBe("- limits.memory: 256Mi\n+ limits.memory: 512Mi <!channel>");
        reply.Mentions.ShouldBe([$"<@{Person}>"]);
        slack.EphemeralMessages.ShouldBeEmpty();
        slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Tell_StoppedBeforeItWasRecorded_FindsTheRepliesAgain()
    {
        var completed = Completed() with { Reply = string.Join('\n', Enumerable.Range(0, 1_000).Select(number => $"line {number} of a log")), ReplyTitle = "Log of Pod a/b" };
        await RecordAsync(completed);

        await TellAsync(completed);
        await ChangeAsync(toldAt: null, tellAt: Samples.Start);
        var replies = slack.Messages.Count(message => message.ThreadTs is not null);
        await TellAsync(completed);

        replies.ShouldBeGreaterThan(1);
        slack.Messages.Count(message => message.ThreadTs is not null).ShouldBe(replies);
        slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Tell_RefusalForThePersonAlone_IsToldOnceAndToNobodyElse()
    {
        var completed = Completed() with { Outcome = RemediationOutcome.Refused, Reason = "You are not among the approvers <!here>. Ask one of them.", ForRequesterOnly = true };
        await RecordAsync(completed);

        await TellAsync(completed);
        await TellAsync(completed);

        var note = slack.EphemeralMessages.ShouldHaveSingleItem();
        (note.Channel, note.User, note.Content.Text).ShouldBe((SlackSimulator.AlertsChannel, Person, "🚫 You are not among the approvers &lt;!here&gt;. Ask one of them."));
        note.Content.Mentions.ShouldBeEmpty();
        slack.Messages.ShouldHaveSingleItem();
        slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Tell_PersonWhoIsNotInTheChannel_IsGivenUp()
    {
        var completed = Completed() with { RequestedBy = "U0GONE", Outcome = RemediationOutcome.Refused, ForRequesterOnly = true };
        await RecordAsync(completed);

        await TellAsync(completed);

        slack.EphemeralMessages.ShouldBeEmpty();
        (await store.ReadAsync(context => Task.FromResult(context.Remediations.Single().ToldAt))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Tell_OutcomeThatTheMessageShows_IsNotToldTwice()
    {
        await RecordAsync(Completed());
        await TellAsync(Completed());
        await TellAsync(Completed() with { RequestId = null, Reply = "x" });

        slack.Messages.ShouldHaveSingleItem();
        slack.EphemeralMessages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tell_IncidentWithoutAMessage_WaitsForOne()
    {
        await store.ChangeAsync(context =>
        {
            context.Incidents.Single().MessageTs = null;
            return Task.CompletedTask;
        });

        var completed = Completed() with { Reply = "x" };
        await RecordAsync(completed);
        var now = TimeProvider.System.GetUtcNow();

        await TellAsync(completed);

        var entry = await EntryAsync();
        entry.ToldAt.ShouldBeNull();
        entry.TellAt.ShouldNotBeNull().ShouldBeInRange(now, now.AddMinutes(31));
        await store.ChangeAsync(context =>
        {
            context.Incidents.Single().MessageTs = incident.MessageTs;
            return Task.CompletedTask;
        });
        await TellAsync(completed);
        slack.Messages.Count(message => message.ThreadTs == incident.MessageTs).ShouldBe(1);
    }

    [Fact]
    public async Task Tell_AnotherWorkerHasIt_LeavesItAlone()
    {
        var completed = Completed() with { Outcome = RemediationOutcome.Refused, ForRequesterOnly = true };
        await RecordAsync(completed);
        var known = await EntryAsync();
        await ChangeAsync(toldAt: null, tellAt: TimeProvider.System.GetUtcNow().AddMinutes(1));

        await using var scope = store.Open();
        await new AnswerTeller(scope.Context, messenger, TimeProvider.System).TellAsync(known, Cancellation);

        slack.EphemeralMessages.ShouldBeEmpty();
    }

    private RemediationCompleted Completed() =>
        new(incident.Id, Guid.NewGuid(), RemediationOutcome.Applied, "done", null, Person, Samples.Start, requestId);

    // As remediation does.
    private Task RecordAsync(RemediationCompleted completed) => store.ChangeAsync(context =>
    {
        context.Remediations.Add(new RemediationEntry
        {
            Id = requestId, IncidentId = incident.Id, CompletedAt = Samples.Start, Json = StoredJson.Write(completed with { Reply = null }), Reply = completed.Reply, ForRequesterOnly = completed.ForRequesterOnly ? true : null,
        });
        return Task.CompletedTask;
    });

    private Task<RemediationEntry> EntryAsync() => store.ReadAsync(context => context.Remediations.AsNoTracking().SingleAsync(Cancellation));

    private Task ChangeAsync(DateTimeOffset? toldAt, DateTimeOffset? tellAt) => store.ReadAsync(context =>
        context.Remediations.ExecuteUpdateAsync(set => set.SetProperty(entry => entry.ToldAt, toldAt).SetProperty(entry => entry.TellAt, tellAt), Cancellation));

    // What the bus and the loop do.
    private async Task TellAsync(RemediationCompleted completed)
    {
        await using var scope = store.Open();
        var teller = new AnswerTeller(scope.Context, messenger, TimeProvider.System);
        await teller.OweAsync(completed, Cancellation);
        if (await EntryAsync() is { TellAt: not null } entry)
        {
            await teller.TellAsync(entry, Cancellation);
        }
    }
}
