using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.Servers;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>A namespace that falls whole: one webhook of a real Alertmanager with all its alerts, and the one that matters among them.</summary>
public sealed class LargeWebhookTests(SharedServers servers)
{
    private const int PodsOfADeployment = 4;
    private const string Critical = "DatabaseDown";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);

    // Where the machine is so busy that Alertmanager has not been given them all when it posts first, it posts the whole group again so much later. It gives
    // up a post that takes longer than this, too.
    private static readonly TimeSpan GroupInterval = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1_000, false)]
    [InlineData(1_000, true)]
    [InlineData(20_000, false)]
    [InlineData(20_000, true)]
    public async Task OneGroup_AllAreTaken_TheCriticalOneIsToldFirst(int alerts, bool withServers)
    {
        await using var surroundings = await Surroundings.StartAsync(CrashingDeployments.Story(), Cancel);
        var settings = surroundings.Settings();
        if (withServers)
        {
            settings["ConnectionStrings__Incidents"] = await (await servers.PostgresAsync()).CreateDatabaseAsync(cancellationToken: Cancel);
            settings["ConnectionStrings__RabbitMq"] = (await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(Cancel)).ConnectionString;
        }

        await using var pipeline = await PipelineProcess.StartNewAsync(environment: settings, cancellationToken: Cancel);
        await using var store = new StoreView(settings["ConnectionStrings__Incidents"]);
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(
            new AlertmanagerConfig(new Uri(pipeline.Url, "webhooks/alertmanager")) { GroupWait = TimeSpan.FromSeconds(alerts > 1_000 ? 20 : 3), GroupInterval = GroupInterval }, Cancel);
        var startsAt = TimeProvider.System.GetUtcNow();

        // The runtime compiles the way through the code with the first alert.
        await alertmanager.FireAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = "First", ["namespace"] = "other" }, cancellationToken: Cancel);
        await surroundings.MessageAsync(message => message.Shown().Contains("First", StringComparison.Ordinal), "the first alert is told", Cancel, Patience);
        var before = Busyness();

        // Posted first, so that it is in the first webhook however busy the machine is; there it is the last, since Alertmanager sorts by job.
        foreach (var part in Enumerable.Range(0, alerts).Select(Crashing).Prepend(DatabaseDown()).Chunk(2_000))
        {
            await alertmanager.FireAllAsync(part, startsAt, Cancel);
        }

        var message = await Eventually.ReadsAsync(
            _ => Task.FromResult(surroundings.Slack.Messages.FirstOrDefault(message => message.Shown().Contains(Critical, StringComparison.Ordinal))),
            message => message is not null, "the critical alert is told", Patience, Cancel);

        // By this clock: the simulated Slack stamps its messages with the second.
        var told = TimeProvider.System.GetUtcNow();
        var busyness = Math.Max(before, Busyness());
        var toldAt = Stopwatch.GetTimestamp();

        // Of the first webhook that had it.
        var received = await store.AskAsync(incidents => incidents.Alerts.Where(alert => alert.Name == Critical).Select(alert => alert.ReceivedJson).SingleAsync(Cancel));
        var after = told - StoredJson.Read<AlertReceived>(received).ReceivedAt;
        surroundings.Slack.Messages.TakeWhile(other => other.Ts != message!.Ts).Count().ShouldBeLessThan(4, "it goes before the others");
        await Eventually.TrueAsync(async token => await ReceivedAsync(pipeline, token) >= alerts + 2, "all are taken", Patience, Cancel);
        var rest = Stopwatch.GetElapsedTime(toldAt);
        (await alertmanager.NotificationsAsync(Cancel)).ShouldBeGreaterThanOrEqualTo(1);

        var status = (await GetStatusAsync(pipeline))!;

        // Where the machine is too busy for RabbitMQ to confirm them all in time, the rest comes with the repeat.
        status["refusals"]!.AsArray().Select(refusal => refusal!["reason"]!.GetValue<string>()).ShouldAllBe(reason => reason == "NotSafe");
        var memory = PeakMegabytes(pipeline.ProcessId);
        TestContext.Current.TestOutputHelper?.WriteLine($"{alerts} alerts: the critical one told after {after.TotalSeconds:F1} s, all taken {rest.TotalSeconds:F0} s later, peak memory {memory} MB; computing took {busyness:F1} times what it costs");
        memory.ShouldBeLessThan(600);
        after.ShouldBeLessThan(AtMost * busyness);
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    // Five seconds are meant of a machine that has a core for it: how much longer computing takes here than it costs.
    private static double Busyness()
    {
        using var process = Process.GetCurrentProcess();
        var (started, before) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        var spent = TimeSpan.Zero;
        while (spent < TimeSpan.FromMilliseconds(200))
        {
            process.Refresh();
            spent = process.TotalProcessorTime - before;
        }

        return Math.Max(1, Stopwatch.GetElapsedTime(started) / spent);
    }

    private static (Dictionary<string, string> Labels, Dictionary<string, string> Annotations) Crashing(int number)
    {
        var pod = string.Create(CultureInfo.InvariantCulture, $"worker-{number / PodsOfADeployment:0000}-7d9f8b6c5d-x{number % PodsOfADeployment}k9p");
        return (
            new(StringComparer.Ordinal)
            {
                ["alertname"] = "KubePodCrashLooping",
                ["namespace"] = "batch",
                ["pod"] = pod,
                ["container"] = "app",
                ["endpoint"] = "http",
                ["instance"] = "10.42.1.23:8080",
                ["job"] = "kube-state-metrics",
                ["prometheus"] = "monitoring/kube-prometheus-stack-prometheus",
                ["reason"] = "CrashLoopBackOff",
                ["service"] = "kube-prometheus-stack-kube-state-metrics",
                ["severity"] = "warning",
                ["uid"] = string.Create(CultureInfo.InvariantCulture, $"e4929cb8-b5ba-4fed-8182-2b0da{number:0000000}"),
            },
            new(StringComparer.Ordinal)
            {
                ["description"] = $"Pod batch/{pod} (app) is in waiting state (reason: \"CrashLoopBackOff\") on cluster .",
                ["runbook_url"] = "https://runbooks.prometheus-operator.dev/runbooks/kubernetes/kubepodcrashlooping",
                ["summary"] = "Pod is crash looping.",
            });
    }

    private static (Dictionary<string, string> Labels, Dictionary<string, string> Annotations) DatabaseDown() => (
        new(StringComparer.Ordinal) { ["alertname"] = Critical, ["namespace"] = "batch", ["severity"] = "critical", ["job"] = "postgres" },
        new(StringComparer.Ordinal) { ["summary"] = "The database does not answer." });

    private static async Task<double> ReceivedAsync(PipelineProcess pipeline, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        return (await http.GetStringAsync(new Uri(pipeline.Url, "metrics"), cancellationToken)).Split('\n')
            .Where(line => line.StartsWith("alert_responder_alerts_received_total", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    private static async Task<JsonNode?> GetStatusAsync(PipelineProcess pipeline)
    {
        using var http = new HttpClient();
        return await http.GetFromJsonAsync<JsonNode>(new Uri(pipeline.Url, "status"), Cancel);
    }

    private static int PeakMegabytes(int processId) => int.Parse(
        File.ReadLines($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture) / 1024;
}
