using System.Globalization;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Enrichment;
using AlertResponder.Enrichment.Comparison;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;
using AlertResponder.Notification.Slack;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using CsCheck;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SlackNet.Blocks;

namespace AlertResponder.Tests.Unit.Enrichment.Comparison;

/// <summary>
/// Random lives of two alerts of one subject, with webhooks that are lost, late, doubled or out of order, the echo of a second Alertmanager, restarts
/// on both sides and clocks that differ: in the end the message is green exactly if none of them fires, unless one fired too short to be in any
/// comparison and its resolution was lost. What burns is shown after one comparison, what is gone after two. <c>EPISODES</c> says how many lives, 100 by default.
/// </summary>
public sealed class EpisodeModelTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);
    private static readonly int[] Waits = [2, 15, 70, 130, 400];

    // Time passes most often.
    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Frequency(
            (3, Gen.Const(What.Fires)),
            (3, Gen.Const(What.FiresWithItsOldStart)),
            (4, Gen.Const(What.Resolves)),
            (2, Gen.Const(What.OldFiringArrives)),
            (2, Gen.Const(What.OldFiringAndResolutionArrive)),
            (2, Gen.Const(What.Repeats)),
            (2, Gen.Const(What.NextWebhookIsLost)),
            (2, Gen.Const(What.NextWebhookWaitsInTheQueue)),
            (2, Gen.Const(What.QueueGoesOn)),
            (3, Gen.Const(What.EchoArrives)),
            (1, Gen.Const(What.WeRestart)),
            (1, Gen.Const(What.AlertmanagerRestarts)),
            (8, Gen.Const(What.TimePasses))),
        Gen.Bool,
        Gen.Int[0, Waits.Length - 1],
        (what, other, wait) => new Step(what, other, Waits[wait]));

    private static readonly Gen<(Step[] Steps, int SkewSeconds)> Lives = Gen.Select(Steps.Array[4, 40], Gen.Int[-5, 5]);

    private readonly WatchedTimeProvider time = new(Samples.Start);
    private readonly SqliteConnection kept = new($"Data Source=episodes-{Guid.NewGuid():N};Mode=Memory;Cache=Shared");
    private readonly Queue<AlertReceived> queue = [];

    // What the second Alertmanager of a pair has still to say, in its own time.
    private readonly Queue<Alert> echoes = [];
    private readonly HashSet<(string Fingerprint, DateTimeOffset StartsAt)> compared = [];
    private ModelAlertmanager alertmanager = null!;
    private ServiceProvider provider = null!;
    private TimeSpan skew;
    private DateTimeOffset compareAt;
    private bool loseNext;
    private bool holdNext;
    private bool weDie;
    private bool alertmanagerRestarted;
    private int lives;

    private static int Episodes => int.TryParse(Environment.GetEnvironmentVariable("EPISODES"), CultureInfo.InvariantCulture, out var episodes) ? episodes : 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private enum What
    {
        Fires, FiresWithItsOldStart, Resolves, OldFiringArrives, OldFiringAndResolutionArrive, Repeats, NextWebhookIsLost, NextWebhookWaitsInTheQueue,
        QueueGoesOn, EchoArrives, WeRestart, AlertmanagerRestarts, TimePasses,
    }

    public async ValueTask InitializeAsync()
    {
        await kept.OpenAsync(Cancellation);
        alertmanager = new ModelAlertmanager(() => time.GetUtcNow() - skew);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Incidents"] = kept.ConnectionString,
            ["Alertmanager:Url"] = ModelAlertmanager.Address,
        }).Build();
        provider = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddIncidents(configuration).AddEnrichment(configuration, durableBus: false)
            .AddSingleton(services => new AlertmanagerClient(new HttpClient(alertmanager), services.GetRequiredService<IOptions<AlertmanagerOptions>>()))
            .BuildServiceProvider();
        await InStoreAsync(store => store.Database.EnsureCreatedAsync(Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await kept.DisposeAsync();
        alertmanager.Dispose();
    }

    [Fact]
    public Task Compare_AnyLife_MessageIsGreenInTheEndExactlyIfNoAlertFires() =>
        Lives.SampleAsync(async life => await LiveAsync(life.Steps, TimeSpan.FromSeconds(life.SkewSeconds)), iter: Episodes, threads: 1);

    private async Task LiveAsync(Step[] steps, TimeSpan clockSkew)
    {
        (skew, loseNext, holdNext, weDie, alertmanagerRestarted, compareAt) = (clockSkew, false, false, false, false, time.GetUtcNow() + Interval);
        lives++;
        queue.Clear();
        echoes.Clear();
        compared.Clear();
        alertmanager.Clear();
        await InStoreAsync(store => store.Incidents.ExecuteDeleteAsync(Cancellation));
        await InStoreAsync(store => store.Alerts.ExecuteDeleteAsync(Cancellation));
        await AddNeighbourAsync();
        foreach (var step in steps)
        {
            await TakeAsync(step);
        }

        // Nothing goes wrong any more.
        (loseNext, holdNext, weDie) = (false, false, false);
        await DrainAsync();
        while (echoes.TryDequeue(out var echo))
        {
            await SendAsync(echo, ModelAlertmanager.SecondAddress);
        }

        await PassAsync(Interval);
        await JudgeWhatBurnsAsync();

        // What is gone takes two comparisons, once Alertmanager has been running for a while.
        if (alertmanagerRestarted)
        {
            await PassAsync(TimeSpan.FromMinutes(12));
        }

        await PassAsync(Interval);
        await PassAsync(Interval);
        await JudgeAsync();
    }

    private async Task TakeAsync(Step step)
    {
        var alert = $"{lives:x}{(step.Other ? 'b' : 'a')}";
        var (fires, hasFired) = (alertmanager.IsFiring(alert), alertmanager.HasFired(alert));
        switch (step.What)
        {
            case What.Fires when !fires:
                await SayAsync(alertmanager.Fire(alert, sameStart: false));
                break;

            case What.FiresWithItsOldStart when !fires && hasFired:
                await SayAsync(alertmanager.Fire(alert, sameStart: true));
                break;

            case What.Resolves when fires:
                await SayAsync(alertmanager.Resolve(alert));
                break;

            case What.OldFiringArrives when !fires && hasFired:
                await SendAsync(alertmanager.Told(alert, AlertStatus.Firing));
                break;

            case What.OldFiringAndResolutionArrive when !fires && hasFired:
                await SendAsync(alertmanager.Told(alert, AlertStatus.Firing));
                time.Advance(TimeSpan.FromSeconds(1));
                await SendAsync(alertmanager.Told(alert, AlertStatus.Resolved));
                break;

            case What.Repeats when hasFired:
                await SendAsync(alertmanager.Told(alert, fires ? AlertStatus.Firing : AlertStatus.Resolved));
                break;

            case What.NextWebhookIsLost:
                loseNext = true;
                break;

            case What.NextWebhookWaitsInTheQueue:
                holdNext = true;
                break;

            case What.QueueGoesOn:
                await DrainAsync();
                break;

            case What.EchoArrives when echoes.TryDequeue(out var echo):
                await SendAsync(echo, ModelAlertmanager.SecondAddress);
                break;

            case What.WeRestart:
                weDie = true;
                break;

            case What.AlertmanagerRestarts:
                alertmanager.Restart();
                alertmanagerRestarted = true;
                break;

            case What.TimePasses:
                await PassAsync(TimeSpan.FromSeconds(step.Seconds));
                break;

            default:
                break;
        }
    }

    private Task SayAsync(Alert alert)
    {
        echoes.Enqueue(alert);
        return SendAsync(alert);
    }

    private async Task SendAsync(Alert alert, string externalUrl = ModelAlertmanager.Address)
    {
        time.Advance(TimeSpan.FromMilliseconds(20));
        var received = new AlertReceived(alert, "{}:{}", ModelAlertmanager.Receiver, externalUrl, time.GetUtcNow());
        if (loseNext)
        {
            loseNext = false;
        }
        else if (holdNext)
        {
            holdNext = false;
            queue.Enqueue(received);
        }
        else
        {
            await CorrelateAsync(received);
        }
    }

    private async Task DrainAsync()
    {
        while (queue.TryDequeue(out var received))
        {
            await CorrelateAsync(received);
        }
    }

    private async Task PassAsync(TimeSpan span)
    {
        time.Advance(span);
        await FindOutAsync(services => services.GetRequiredService<LateFirings>().LookAsync(Cancellation));
        if (time.GetUtcNow() >= compareAt)
        {
            // No clock stands still between what the look before took in and the question to Alertmanager.
            time.Advance(TimeSpan.FromMilliseconds(1));
            compareAt = time.GetUtcNow() + Interval;
            compared.UnionWith((await FiringAsync()).Where(alert => alertmanager.IsListed(alert.Fingerprint)));
            await FindOutAsync(services => services.GetRequiredService<Comparer>().CompareAsync(Cancellation));
        }
    }

    // A restart loses what the bus in memory holds.
    private async Task FindOutAsync(Func<IServiceProvider, IAsyncEnumerable<AlertReceived>> look)
    {
        await using var scope = provider.CreateAsyncScope();
        var found = await look(scope.ServiceProvider).ToListAsync(Cancellation);
        if (weDie)
        {
            weDie = false;
            return;
        }

        foreach (var received in found)
        {
            await CorrelateAsync(received);
        }
    }

    private Task CorrelateAsync(AlertReceived received) => InScopeAsync(services =>
        services.GetRequiredService<Correlator>().CorrelateAsync(received, () => Task.FromResult(new ResolvedSubject(Subject)), Cancellation));

    private Subject Subject => new("Deployment", "model", $"life-{lives}");

    // Of an earlier life, so that it is known whose the alerts are.
    private async Task AddNeighbourAsync()
    {
        var incident = Samples.Incident(new Subject("Deployment", "model", "neighbour"), resolvedAt: Samples.Start);
        var row = Samples.Row(
            new AlertReceived(Samples.Alert("99", AlertStatus.Resolved), "{}:{}", ModelAlertmanager.Receiver, ModelAlertmanager.Address, Samples.Start), incident.Id);
        row.ListedAt = Samples.Start;
        await InStoreAsync(async store =>
        {
            store.Incidents.Add(incident);
            store.Alerts.Add(row);
            await store.SaveChangesAsync(Cancellation);
        });
    }

    private async Task JudgeWhatBurnsAsync()
    {
        var known = await KnownAsync();
        if (known.Exists(alertmanager.IsFiring))
        {
            (await MessagesAsync()).ShouldContain(message => !IsGreen(message), "it is not green while it burns");
        }
    }

    private async Task JudgeAsync()
    {
        var firing = (await KnownAsync()).Where(alertmanager.IsFiring).ToList();
        var here = await FiringAsync();
        var lost = here.Where(alert => !alertmanager.IsFiring(alert.Fingerprint)).ToList();

        here.Select(alert => alert.Fingerprint).Intersect(firing).ShouldBe(firing, ignoreOrder: true);
        lost.ShouldAllBe(alert => !compared.Contains(alert), "what was in a comparison ends");
        (await MessagesAsync()).Count(message => !IsGreen(message)).ShouldBe(firing.Count + lost.Count > 0 ? 1 : 0, $"fire: {string.Join(", ", firing)}");
    }

    private async Task<List<string>> KnownAsync()
    {
        List<string> known = [];
        await InStoreAsync(async store => known.AddRange(
            await store.Alerts.Where(a => a.IncidentId != null && a.Fingerprint != "99").Select(a => a.Fingerprint).Distinct().ToListAsync(Cancellation)));
        return known;
    }

    /// <summary>The titles of the messages that a person sees of this life.</summary>
    private async Task<List<string>> MessagesAsync()
    {
        List<string> titles = [];
        await InStoreAsync(async store =>
        {
            var key = SubjectKey.For(Subject);
            foreach (var id in await store.Incidents.Where(i => i.SubjectKey == key).Select(i => i.Id).ToListAsync(Cancellation))
            {
                var card = CardFit.ForMessage(IncidentCard.Draw((await store.ReadSnapshotAsync(id, Cancellation))!)).Message;
                titles.Add(SlackBlocks.Of(card).OfType<HeaderBlock>().Single().Text.Text);
            }
        });
        return titles;
    }

    private static bool IsGreen(string title) => title.StartsWith("🟢", StringComparison.Ordinal);

    private async Task<List<(string Fingerprint, DateTimeOffset StartsAt)>> FiringAsync()
    {
        List<(string, DateTimeOffset)> firing = [];
        await InStoreAsync(async store => firing.AddRange(
            (await store.Alerts.AsNoTracking().Where(a => a.Status == AlertStatus.Firing).ToListAsync(Cancellation)).Select(row => (row.Fingerprint, row.StartsAt))));
        return firing;
    }

    private Task InStoreAsync(Func<IncidentsContext, Task> work) => InScopeAsync(services => work(services.GetRequiredService<IncidentsContext>()));

    private async Task InScopeAsync(Func<IServiceProvider, Task> work)
    {
        await using var scope = provider.CreateAsyncScope();
        await work(scope.ServiceProvider);
    }

    private sealed record Step(What What, bool Other, int Seconds);
}
