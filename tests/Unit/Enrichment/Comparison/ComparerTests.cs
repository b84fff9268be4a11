using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Enrichment;
using AlertResponder.Enrichment.Comparison;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AlertResponder.Tests.Unit.Enrichment.Comparison;

/// <summary>The comparison over a store. <c>COMPARED</c> says how many alerts are compared where that is measured, 500 by default.</summary>
public sealed class ComparerTests
{
    private const string Address = "http://alertmanager.model:9093";
    private static readonly int Compared = int.Parse(Environment.GetEnvironmentVariable("COMPARED") ?? "500", CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Compare_NothingDiffers_CostsLittleForEachAlert()
    {
        await using var store = await TemporaryStore.CreateAsync();
        var alerts = Enumerable.Range(0, Compared).Select(Crashing).ToList();
        await FillAsync(store, alerts);
        await using var provider = Provider(store, new Listing(alerts));

        // The way through the code is compiled before it is measured.
        (await CompareAsync(provider)).ShouldBeEmpty();
        var (thread, started, before) = (Environment.CurrentManagedThreadId, Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        (await CompareAsync(provider)).ShouldBeEmpty();
        var (time, bytes) = (Stopwatch.GetElapsedTime(started), GC.GetAllocatedBytesForCurrentThread() - before);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Compared} alerts compared in {time.TotalMilliseconds:F0} ms, {bytes / 1024.0 / 1024:F1} MiB allocated"));
        Environment.CurrentManagedThreadId.ShouldBe(thread, "else another thread's bytes are missing");
        (bytes / Compared).ShouldBeLessThan(12_000, "its message is no part of it");
    }

    [Fact]
    public async Task Compare_OneDiffers_ReadsItsMessageAndNoOther()
    {
        await using var store = await TemporaryStore.CreateAsync();
        var alerts = Enumerable.Range(0, 30).Select(Crashing).ToList();
        await FillAsync(store, alerts);
        var (gone, since) = (alerts[7], TimeProvider.System.GetUtcNow().AddMinutes(-5).InMicroseconds());
        await store.ReadAsync(context => context.Alerts.Where(row => row.Fingerprint != gone.Fingerprint).ExecuteUpdateAsync(set => set.SetProperty(row => row.ReceivedJson, "no message"), Cancellation));
        await store.ReadAsync(context => context.Alerts.Where(row => row.Fingerprint == gone.Fingerprint).ExecuteUpdateAsync(set => set.SetProperty(row => row.MissingSince, since), Cancellation));
        await using var provider = Provider(store, new Listing([.. alerts.Where(alert => alert != gone)]));

        var mended = (await CompareAsync(provider)).ShouldHaveSingleItem();

        (mended.Alert.Fingerprint, mended.Alert.Status, mended.Confirmed, mended.Receiver).ShouldBe((gone.Fingerprint, AlertStatus.Resolved, true, "hook"));
        mended.Alert.Labels.ShouldBe(gone.Labels);
    }

    [Fact]
    public async Task Compare_OneAddressFails_ComparesTheOthers()
    {
        await using var store = await TemporaryStore.CreateAsync();
        var alerts = Enumerable.Range(0, 3).Select(Crashing).ToList();
        await FillAsync(store, alerts);
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-5).InMicroseconds();
        await store.ReadAsync(context => context.Alerts.ExecuteUpdateAsync(set => set.SetProperty(row => row.MissingSince, since), Cancellation));
        await store.ReadAsync(context => context.Alerts.Where(row => row.Fingerprint == alerts[2].Fingerprint).ExecuteUpdateAsync(set => set.SetProperty(row => row.ExternalUrl, "http://other.model:9093"), Cancellation));

        // Of the first address, which has more of them.
        await store.ReadAsync(context => context.Alerts.Where(row => row.Fingerprint == alerts[0].Fingerprint).ExecuteUpdateAsync(set => set.SetProperty(row => row.ReceivedJson, "no message"), Cancellation));
        await using var provider = Provider(store, new Listing([]), url: "");

        var mended = (await CompareAsync(provider)).ShouldHaveSingleItem();

        (mended.Alert.Fingerprint, mended.Alert.Status).ShouldBe((alerts[2].Fingerprint, AlertStatus.Resolved));
    }

    [Fact]
    public async Task Look_SeveralProcesses_OneOfThemComparesAtATime()
    {
        await using var store = await TemporaryStore.CreateAsync();
        await FillAsync(store, [Crashing(1)]);
        WatchedTimeProvider time = new(TimeProvider.System.GetUtcNow());
        Listing alertmanager = new([Crashing(1)]);
        await using var first = Provider(store, alertmanager, time);
        await using var second = Provider(store, alertmanager, time);
        AlertmanagerWatch[] watches = [Watch(first), Watch(second)];

        await Task.WhenAll(watches.Select(watch => Task.Run(() => watch.LookAsync(Cancellation), Cancellation)));
        alertmanager.Listed.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(119));
        await LookAsync();
        alertmanager.Listed.ShouldBe(1, "it is not due");
        time.Advance(TimeSpan.FromSeconds(1));
        await LookAsync();
        await LookAsync();
        alertmanager.Listed.ShouldBe(2);

        // A process that has died with it.
        time.Advance(TimeSpan.FromMinutes(2));
        await store.ReadAsync(context => context.TryTakeAsync(Duty.Comparison, time.GetUtcNow(), time.GetUtcNow().AddMinutes(5), Cancellation));
        time.Advance(TimeSpan.FromMinutes(4));
        await LookAsync();
        alertmanager.Listed.ShouldBe(2);
        time.Advance(TimeSpan.FromMinutes(1));
        await LookAsync();
        alertmanager.Listed.ShouldBe(3);

        async Task LookAsync()
        {
            foreach (var watch in watches)
            {
                await watch.LookAsync(Cancellation);
            }
        }
    }

    [Fact]
    public async Task PutBack_ByWhoWasTooSlow_ChangesNothing()
    {
        await using var store = await TemporaryStore.CreateAsync();
        var (now, until) = (Samples.Start, Samples.Start.AddMinutes(5));
        (await store.ReadAsync(context => context.TryTakeAsync("duty", now, until, Cancellation))).ShouldBeTrue();
        (await store.ReadAsync(context => context.TryTakeAsync("duty", until, until.AddMinutes(5), Cancellation))).ShouldBeTrue();

        await store.ChangeAsync(context => context.PutBackAsync("duty", until, now, Cancellation));

        (await store.ReadAsync(context => context.DueAtAsync("duty", Cancellation))).ShouldBe(until.AddMinutes(5));
    }

    private static AlertmanagerWatch Watch(ServiceProvider provider) => new(
        provider.GetRequiredService<IServiceScopeFactory>(),
        null!,
        provider.GetRequiredService<IOptions<AlertmanagerOptions>>(),
        provider.GetRequiredService<TimeProvider>(),
        NullLogger<AlertmanagerWatch>.Instance);

    private static async Task<List<AlertReceived>> CompareAsync(ServiceProvider provider)
    {
        await using var scope = provider.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Comparer>().CompareAsync(Cancellation).ToListAsync(Cancellation);
    }

    private static ServiceProvider Provider(TemporaryStore store, HttpMessageHandler alertmanager, TimeProvider? time = null, string url = Address)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Incidents"] = store.ConnectionString,
            ["Alertmanager:Url"] = url,
        }).Build();
        return new ServiceCollection().AddLogging().AddSingleton(time ?? TimeProvider.System).AddIncidents(configuration).AddEnrichment(configuration, durableBus: false)
            .AddSingleton(services => new AlertmanagerClient(new HttpClient(alertmanager), services.GetRequiredService<IOptions<AlertmanagerOptions>>()))
            .BuildServiceProvider();
    }

    private static Task FillAsync(TemporaryStore store, IReadOnlyList<Alert> alerts) => store.ChangeAsync(context =>
    {
        var now = TimeProvider.System.GetUtcNow().InMicroseconds();
        foreach (var incident in alerts.Chunk(25).Select((some, number) => (Some: some, Incident: Samples.Incident(new Subject("Deployment", "batch", $"worker-{number}")))))
        {
            context.Incidents.Add(incident.Incident);
            foreach (var alert in incident.Some)
            {
                var row = Samples.Row(new AlertReceived(alert, "{}:{namespace=\"batch\"}", "hook", Address, now.AddHours(-1)), incident.Incident.Id);
                row.ListedAt = now.AddMinutes(-50);
                context.Alerts.Add(row);
            }
        }

        return Task.CompletedTask;
    });

    // As kube-prometheus-stack has them.
    private static Alert Crashing(int number) => new(
        number.ToString("x16", CultureInfo.InvariantCulture),
        AlertStatus.Firing,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["alertname"] = "KubePodCrashLooping",
            ["container"] = "app",
            ["endpoint"] = "http",
            ["instance"] = "10.42.1.23:8080",
            ["job"] = "kube-state-metrics",
            ["namespace"] = "batch",
            ["pod"] = $"worker-{number / 25:0000}-7d9f8b6c5d-x{number % 25:00}9p",
            ["prometheus"] = "monitoring/kube-prometheus-stack-prometheus",
            ["reason"] = "CrashLoopBackOff",
            ["service"] = "kube-prometheus-stack-kube-state-metrics",
            ["severity"] = "warning",
            ["uid"] = $"e4929cb8-b5ba-4fed-8182-2b0da{number:0000000}",
        },
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["description"] = $"Pod batch/worker-{number / 25:0000} (app) is in waiting state (reason: \"CrashLoopBackOff\") on cluster .",
            ["runbook_url"] = "https://runbooks.prometheus-operator.dev/runbooks/kubernetes/kubepodcrashlooping",
            ["summary"] = "Pod is crash looping.",
        },
        Samples.Start,
        EndsAt: null,
        "http://prometheus.example/graph?g0.expr=max_over_time%28kube_pod_container_status_waiting_reason%7Breason%3D%22CrashLoopBackOff%22%7D%5B5m%5D%29+%3E%3D+1&g0.tab=1",
        Severity.Warning);

    /// <summary>An Alertmanager that has these alerts.</summary>
    private sealed class Listing(IReadOnlyList<Alert> alerts) : HttpMessageHandler
    {
        private readonly byte[] body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(alerts.Select(alert => new
        {
            fingerprint = alert.Fingerprint,
            startsAt = alert.StartsAt,
            updatedAt = alert.StartsAt.AddMinutes(1),
            labels = alert.Labels,
            annotations = alert.Annotations,
            generatorURL = alert.GeneratorUrl,
            receivers = new[] { new { name = "hook" } },
            status = new { state = "active" },
        }));

        /// <summary>How often it was asked for them.</summary>
        public int Listed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isStatus = request.RequestUri!.AbsolutePath == "/api/v2/status";
            Listed += isStatus ? 0 : 1;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = isStatus ? JsonContent.Create(new { uptime = TimeProvider.System.GetUtcNow().AddDays(-1) }) : new ByteArrayContent(body),
            });
        }
    }
}
