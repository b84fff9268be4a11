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
using Microsoft.Extensions.Logging;
using SlackNet;
using SlackNet.WebApi;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class UntoldAnswersTests : IAsyncLifetime
{
    private readonly Incident incident = Samples.Incident();
    private readonly WatchedTimeProvider time = new(Samples.Start);
    private readonly Board board = new();
    private readonly Logs logs = new();
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
        await Eventually.TrueAsync(() => Task.FromResult(time.Waits.Count == 2), "both have looked what was left from before");
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

    /// <summary>Whoever tells gives up before the claim ends, after which another process would tell it too.</summary>
    [Fact]
    public async Task Tell_SlackDoesNotAnswer_IsGivenUpBeforeTheClaimEnds()
    {
        board.Whispering = token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        await AddAsync(Entry("one", Samples.Start));
        await StartAsync();
        await Eventually.TrueAsync(() => Task.FromResult(board.Tries == 1), "it is being told");
        (await EntryAsync()).TellAt.ShouldBe(Samples.Start + AnswerTeller.ClaimLasts);

        time.Advance(AnswerTeller.ClaimLasts - TimeSpan.FromSeconds(10));

        await Eventually.TrueAsync(async () => (await EntryAsync()).TellAt == time.GetUtcNow() + TimeSpan.FromMinutes(1), "it is due again");
        (await EntryAsync()).ToldAt.ShouldBeNull();
    }

    [Theory]
    [InlineData("invalid_blocks")]
    [InlineData("channel_not_found")]
    [InlineData("thread_not_found")]
    [InlineData("restricted_action_thread_locked")]
    public async Task Tell_SlackRefusesItForGood_IsNotTriedAgain(string error)
    {
        board.Whispering = _ => throw new SlackException(new ErrorResponse { Error = error });
        await AddAsync(Entry("one", Samples.Start));
        await StartAsync();

        await Eventually.TrueAsync(async () => board.Tries == 1 && (await EntryAsync()).TellAt is null, "it is given up");

        (await EntryAsync()).ToldAt.ShouldBeNull();
    }

    [Fact]
    public async Task Tell_FailsAgainAndAgain_IsTriedLaterAndLater()
    {
        board.Whispering = _ => throw new HttpRequestException("no route");
        await AddAsync(Entry("one", Samples.Start));
        await StartAsync();
        var failures = logs.Failures;
        List<double> waits = [];
        for (var tries = 1; tries <= 8; tries++)
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    processes[0].Wake();
                    return failures.Count == tries;
                },
                $"it has failed {tries} times");
            var wait = (await EntryAsync()).TellAt!.Value - time.GetUtcNow();
            waits.Add(wait.TotalMinutes);
            time.Advance(wait);
        }

        waits.ShouldBe([1, 1, 2, 4, 8, 16, 30, 30]);
    }

    [Fact]
    public async Task Tell_IncidentHasNoMessage_WaitsWithoutATurnOfTheBoard()
    {
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.MessageTs, (string?)null), Cancellation));
        await AddAsync(Entry("one", Samples.Start));
        await StartAsync();

        await Eventually.TrueAsync(async () => (await EntryAsync()).TellAt == Samples.Start + AnswerTeller.MessageWait, "it waits");

        board.Turns.ShouldBe(0);
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
        processes.Add(new UntoldAnswers(provider.GetRequiredService<IServiceScopeFactory>(), isAlone, lifetime, time, logs));
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

    private sealed class Logs : ILogger<UntoldAnswers>
    {
        /// <summary>What could not be told.</summary>
        public ConcurrentQueue<Exception> Failures { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
            {
                Failures.Enqueue(exception);
            }
        }
    }

    /// <summary>A board that whispers.</summary>
    private sealed class Board : IMessageBoard
    {
        private readonly ConcurrentQueue<string> told = [];
        private volatile TaskCompletionSource? turns;
        private int tries;
        private int turnsTaken;

        public IReadOnlyList<string> Told => [.. told];

        public DateTimeOffset? PausedUntil { get; set; }

        public Func<CancellationToken, Task>? Whispering { get; set; }

        public int Tries => Volatile.Read(ref tries);

        public int Turns => Volatile.Read(ref turnsTaken);

        public Action HoldTurns()
        {
            turns = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return turns.SetResult;
        }

        public Task PostTurnAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref turnsTaken);
            return turns?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }

        public async Task WhisperAsync(PostedMessage message, string person, CardLine line, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref tries);
            if (Whispering is { } whispering)
            {
                await whispering(cancellationToken);
            }

            if (PausedUntil is { } until)
            {
                throw new UpstreamPausedException(UpstreamNames.Slack, until);
            }

            told.Enqueue(string.Concat(line.Spans.Select(span => span.Text)));
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
