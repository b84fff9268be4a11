using System.Collections.Concurrent;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Notification.Cards;
using AlertResponder.Resilience;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class UntoldAnswersTests : IAsyncLifetime
{
    private readonly Incident incident = Samples.Incident();
    private readonly WatchedTimeProvider time = new(Samples.Start);
    private readonly Board board = new();
    private readonly Lifetime lifetime = new();
    private readonly List<UntoldAnswers> processes = [];
    private TemporaryStore store = null!;
    private ServiceProvider provider = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        (incident.MessageChannel, incident.MessageTs) = ("C1", "1.1");
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            return Task.CompletedTask;
        });
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Incidents", (string?)store.ConnectionString)]).Build();
        provider = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddSingleton<IMessageBoard>(board).AddScoped<AnswerTeller>().AddIncidents(configuration).BuildServiceProvider();
        lifetime.Start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.StopAsync(CancellationToken.None);
            process.Dispose();
        }

        await provider.DisposeAsync();
        await store.DisposeAsync();
        lifetime.Dispose();
    }

    [Fact]
    public async Task Start_AnswersThatWereNotTold_AreTold_AndNoOthers()
    {
        var now = Samples.Start;
        await AddAsync(
            Entry("one", now.AddHours(-2)),
            Entry("two", now.AddHours(-1)),
            Entry("nothing to tell", now.AddMinutes(-3), forRequesterOnly: null),
            Entry("told", now.AddMinutes(-2), toldAt: now.AddMinutes(-1)),
            new RemediationEntry { Id = Guid.NewGuid(), IncidentId = incident.Id, CompletedAt = now.AddHours(-3), Json = "null", Reply = "cannot be read" },
            Entry("nobody waits any more", now.AddDays(-2)));

        await StartAsync();

        await ToldAsync(2);
        board.Told.ShouldBe(["🚫 one", "🚫 two"]);
        (await store.ReadAsync(context => context.Remediations.CountAsync(entry => entry.TellAt != null, Cancellation))).ShouldBe(0);
    }

    /// <summary>The board has no turn for as long as it likes: whoever owes an answer does not wait for it.</summary>
    [Fact]
    public async Task Owe_BoardHasNoTurn_ReturnsAndItIsToldByOneOfSeveralProcesses()
    {
        var turn = board.HoldTurns();
        await StartAsync();
        await StartAsync();
        var entries = Enumerable.Range(0, 10).Select(number => Entry($"answer {number}", Samples.Start)).ToArray();
        await AddAsync(entries);
        await using (var scope = provider.CreateAsyncScope())
        {
            var teller = scope.ServiceProvider.GetRequiredService<AnswerTeller>();
            foreach (var entry in entries)
            {
                (await teller.OweAsync(StoredJson.Read<RemediationCompleted>(entry.Json), Cancellation)).ShouldBeTrue();
                (await teller.OweAsync(StoredJson.Read<RemediationCompleted>(entry.Json), Cancellation)).ShouldBeFalse("delivered again");
            }
        }

        processes.ForEach(process => process.Wake());
        board.Told.ShouldBeEmpty();
        turn();

        await ToldAsync(entries.Length);
        board.Told.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 10).Select(number => $"🚫 answer {number}"));
    }

    /// <summary>A process died with its claim: the only one that there is knows that at once, one of several when the claim ends.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_AnswerIsClaimed_IsToldWhenThatIsADeadProcess(bool isAlone)
    {
        await AddAsync(Entry("one", Samples.Start, tellAt: Samples.Start.AddMinutes(1)));
        await StartAsync(isAlone);
        if (!isAlone)
        {
            await time.NextWaitAsync(Cancellation);
            board.Told.ShouldBeEmpty();
            time.Advance(TimeSpan.FromMinutes(1));
        }

        await ToldAsync(1);
        board.Told.ShouldBe(["🚫 one"]);
    }

    [Fact]
    public async Task Tell_SlackIsPaused_IsToldAfterwards()
    {
        board.PausedUntil = Samples.Start.AddSeconds(30);
        await AddAsync(Entry("one", Samples.Start));
        await StartAsync();
        await Eventually.TrueAsync(async () => (await EntryAsync()).TellAt == board.PausedUntil, "it waits for the end of the pause");
        board.PausedUntil = null;

        time.Advance(TimeSpan.FromSeconds(31));

        await ToldAsync(1);
        board.Told.ShouldBe(["🚫 one"]);
    }

    private Task<RemediationEntry> EntryAsync() => store.ReadAsync(context => context.Remediations.AsNoTracking().SingleAsync(Cancellation));

    private Task ToldAsync(int answers) => Eventually.TrueAsync(
        async () =>
        {
            processes.ForEach(process => process.Wake());
            return board.Told.Count >= answers && !await store.ReadAsync(context => context.Remediations.AnyAsync(entry => entry.TellAt != null, Cancellation));
        },
        $"{answers} are told");

    private async Task StartAsync(bool isAlone = false)
    {
        processes.Add(new UntoldAnswers(provider.GetRequiredService<IServiceScopeFactory>(), isAlone, lifetime, time, NullLogger<UntoldAnswers>.Instance));
        await processes[^1].StartAsync(Cancellation);
    }

    private Task AddAsync(params RemediationEntry[] entries) => store.ChangeAsync(context =>
    {
        context.Remediations.AddRange(entries);
        return Task.CompletedTask;
    });

    private RemediationEntry Entry(string reason, DateTimeOffset completedAt, bool? forRequesterOnly = true, DateTimeOffset? toldAt = null, DateTimeOffset? tellAt = null)
    {
        var id = Guid.NewGuid();
        var completed = new RemediationCompleted(incident.Id, Guid.NewGuid(), RemediationOutcome.Refused, reason, null, "U0ABC123", completedAt, id) { ForRequesterOnly = forRequesterOnly == true };
        return new RemediationEntry { Id = id, IncidentId = incident.Id, CompletedAt = completedAt, Json = StoredJson.Write(completed), ForRequesterOnly = forRequesterOnly, ToldAt = toldAt, TellAt = tellAt };
    }

    /// <summary>A board that whispers.</summary>
    private sealed class Board : IMessageBoard
    {
        private readonly ConcurrentQueue<string> told = [];
        private volatile TaskCompletionSource? turns;

        public IReadOnlyList<string> Told => [.. told];

        public DateTimeOffset? PausedUntil { get; set; }

        public Action HoldTurns()
        {
            turns = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return turns.SetResult;
        }

        public Task PostTurnAsync(CancellationToken cancellationToken) => turns?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;

        public Task WhisperAsync(PostedMessage message, string person, CardLine line, CancellationToken cancellationToken)
        {
            if (PausedUntil is { } until)
            {
                throw new UpstreamPausedException(UpstreamNames.Slack, until);
            }

            told.Enqueue(string.Concat(line.Spans.Select(span => span.Text)));
            return Task.CompletedTask;
        }

        public Task UrgentPostTurnAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool TryPostTurn() => throw new NotSupportedException();

        public Task UpdateTurnAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool TryUpdateTurn() => throw new NotSupportedException();

        public Task<PostedMessage> PostAsync(IncidentSnapshot incident, Func<string, Task> intendAsync, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<UpdateResult> UpdateAsync(PostedMessage message, IncidentSnapshot incident, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PostedMessage?> FindAsync(Guid incidentId, int number, string? intended, DateTimeOffset since, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ThreadReply? Overflow(IncidentSnapshot incident) => throw new NotSupportedException();

        public Task<string?> ReplyAsync(PostedMessage message, ThreadReply reply, string? ts, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task NoteAsync(Note note, DateTimeOffset? mayBeThere, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
