using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Notification.Console;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace AlertResponder.Tests.Unit.Notification;

/// <summary>People hear of what the gateway did not take, once an hour at most, on the board that there is.</summary>
public sealed class RefusalTellerTests : IAsyncLifetime
{
    private const string Sender = "10.0.0.7 (Alertmanager/0.25.0)";
    private readonly WatchedTimeProvider time = new(Samples.Start);
    private readonly Lifetime lifetime = new();
    private readonly StringWriter console = new();
    private TemporaryStore store = null!;
    private RefusalTeller teller = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        lifetime.Start();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        terminal.Profile.Width = 400;
        teller = new RefusalTeller(store.Scopes, new ConsoleMessageBoard(terminal), lifetime, time, NullLogger<RefusalTeller>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await teller.StopAsync(Cancellation);
        teller.Dispose();
        lifetime.Dispose();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Tell_Refusal_IsPrintedWithItsSenderAndReason()
    {
        await RecordAsync(RefusalReason.TooLarge, "The body is larger than 33554432 bytes.");
        await RecordAsync(RefusalReason.SetAside, "Of a webhook 2 were no alerts.", 2);

        await teller.StartAsync(Cancellation);
        await ToldAsync();

        var told = console.ToString();
        told.ShouldContain($"A webhook from {Sender} was too large: some of its alerts are not here");
        told.ShouldContain("The body is larger than 33554432 bytes.");
        told.ShouldContain($"A webhook from {Sender} held what is no alert");
        told.ShouldContain("2 since the last such message, 02:13 UTC");
    }

    [Fact]
    public async Task Tell_SameAgain_IsToldAfterAnHourWithItsCount()
    {
        await RecordAsync(RefusalReason.NotAWebhook, "first");
        await teller.StartAsync(Cancellation);
        await ToldAsync();
        await RecordAsync(RefusalReason.NotAWebhook, "second");
        await RecordAsync(RefusalReason.NotAWebhook, "third");
        await PassAsync(TimeSpan.FromMinutes(59));
        console.ToString().ShouldNotContain("third");

        await PassAsync(TimeSpan.FromMinutes(2));
        await ToldAsync();

        console.ToString().ShouldContain("third");
        console.ToString().ShouldContain("2 since the last such message");
        (await RefusalAsync()).Untold.ShouldBe(0);
    }

    // As left by a worker that stopped between posting and recording.
    [Fact]
    public async Task Tell_ClaimThatWasNeverGivenBack_WaitsUntilItEnds()
    {
        await RecordAsync(RefusalReason.NotAWebhook, "first");
        var claim = Samples.Start.AddMinutes(1);
        await store.ReadAsync(context => context.Refusals.ExecuteUpdateAsync(set => set.SetProperty(r => r.TellClaimedUntil, claim), Cancellation));
        await teller.StartAsync(Cancellation);
        await PassAsync(TimeSpan.FromSeconds(50));
        console.ToString().ShouldBeEmpty();

        await PassAsync(TimeSpan.FromSeconds(20));
        await ToldAsync();

        console.ToString().ShouldContain("first");
        (await RefusalAsync()).TellClaimedUntil.ShouldBeNull();
    }

    [Theory]
    [InlineData(RefusalReason.SetAside, 0, null, null, true)]
    [InlineData(RefusalReason.SetAside, 0, -59, null, false)]
    [InlineData(RefusalReason.SetAside, 0, -60, null, true)]
    [InlineData(RefusalReason.SetAside, 0, null, 1, false)]
    [InlineData(RefusalReason.SetAside, 0, null, -1, true)]
    [InlineData(RefusalReason.NotSafe, 0, null, null, false)]
    [InlineData(RefusalReason.NotSafe, 1, null, null, true)]
    public void IsDue_OncePerHourAndWhatIsSentAgainWhenItGoesOn(RefusalReason reason, int lasted, int? toldMinutes, int? claimMinutes, bool expected)
    {
        var refusal = new WebhookRefusal
        {
            Sender = Sender,
            Reason = reason,
            Detail = "",
            Untold = 1,
            FirstAt = Samples.Start.AddMinutes(-lasted),
            LastAt = Samples.Start,
            ToldAt = toldMinutes is { } told ? Samples.Start.AddMinutes(told) : null,
            TellClaimedUntil = claimMinutes is { } claim ? Samples.Start.AddMinutes(claim) : null,
        };

        RefusalRule.IsDue(refusal, Samples.Start).ShouldBe(expected);
    }

    [Fact]
    public void Add_OutageLongAfterAnother_IsOneOfItsOwn()
    {
        var refusal = new WebhookRefusal { Sender = Sender, Reason = RefusalReason.NotSafe, Detail = "" };
        RefusalRule.Add(refusal, "x", 1, Samples.Start);
        RefusalRule.Add(refusal, "x", 1, Samples.Start.AddHours(1));

        (refusal.Count, refusal.Untold, refusal.FirstAt).ShouldBe((2, 1, Samples.Start.AddHours(1)));
    }

    [Fact]
    public async Task Record_MoreSendersThanAreKept_AreOthers()
    {
        await store.ChangeAsync(context =>
        {
            context.Refusals.AddRange(Enumerable.Range(0, 500).Select(number => new WebhookRefusal { Sender = $"s{number}", Reason = RefusalReason.SetAside, Detail = "" }));
            return Task.CompletedTask;
        });

        await RecordAsync(RefusalReason.SetAside, "x");
        await RecordAsync(RefusalReason.SetAside, "x");

        var others = (await store.ReadAsync(context => context.ReadRefusalsAsync(Samples.Start, 10, Cancellation))).ShouldHaveSingleItem();
        (others.Sender, others.Count).ShouldBe(("other senders", 2));
    }

    private async Task RecordAsync(RefusalReason reason, string detail, long count = 1)
    {
        await using var scope = store.Open();
        await scope.Context.RecordRefusalAsync(Sender, reason, detail, count, time.GetUtcNow(), Cancellation);
    }

    private Task<WebhookRefusal> RefusalAsync() => store.ReadAsync(context => context.Refusals.AsNoTracking().SingleAsync(Cancellation));

    private Task ToldAsync() => Eventually.TrueAsync(
        async () => !await store.ReadAsync(context => context.Refusals.AnyAsync(r => r.Untold > 0, Cancellation)), "everything is told");

    private async Task PassAsync(TimeSpan span)
    {
        var end = time.GetUtcNow() + span;
        while (time.GetUtcNow() < end)
        {
            var wait = await time.NextWaitAsync(Cancellation);
            time.Advance(wait < end - time.GetUtcNow() ? wait : end - time.GetUtcNow());
        }

        await time.NextWaitAsync(Cancellation);
    }
}
