using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AlertResponder.Incidents;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Controllers;
using AlertResponder.Simulators.Slack;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Host;
using AlertResponder.Tests.Unit.Time;
using AlertResponder.Tests.Unit.Tracing;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using Spectre.Console;
using Fault = AlertResponder.Simulators.Traffic.Fault;

namespace AlertResponder.Tests.Unit.Redaction;

/// <summary>A canary in every field that foreign text comes from, through the whole application; then it is looked for wherever text goes.</summary>
public sealed partial class CanaryTests : IDisposable
{
    // Every canary has it; cut to pieces it would still sing.
    private const string Song = "CaNaRy";
    private const string Pod = "web-7c9d8f6b5-q4x2z";
    private const string AccessKey = "AKIDCANARYTEST";
    private const string BotToken = "xoxb" + "-canary-test";

    private readonly TestHost host = new();
    private readonly ConcurrentQueue<string> heard = [];
    private int hatched;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => host.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_CanaryInEveryField_IsNowhere(bool withSlack)
    {
        await using var cluster = await ClusterSimulator.StartAsync(Story(), cancellationToken: Cancellation);
        await using var bedrock = await BedrockSimulator.StartAsync(AccessKey, "canary-test", "us-east-1", cancellationToken: Cancellation);
        bedrock.AnswerWith(RuleMadeAnswer.To);
        await using var slack = await SlackSimulator.StartAsync(BotToken, cancellationToken: Cancellation);
        cluster.Faults.Always(
            Fault.Status(403, $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","message":"no, {{Canary()}}","code":403}"""),
            request => request.Path.EndsWith("/networkpolicies", StringComparison.Ordinal));
        cluster.WriteKubeconfig(Path.Combine(host.Folder, "cluster"));
        await using var collector = await TraceReceiver.StartAsync(Cancellation);
        await using var console = new StringWriter();
        var bodies = new Bodies();
        await using var app = host.Build(
            services => services
                .AddSingleton(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console) }))
                .AddReceiveObserver(_ => bodies)
                .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new Listener(heard))),
            [
                ("KUBECONFIG", Path.Combine(host.Folder, "cluster")), ("Analysis:DailyBudgetUsd", "1"), ("Bedrock:Region", "us-east-1"), ("AWS_ACCESS_KEY_ID", AccessKey), ("AWS_SECRET_ACCESS_KEY", "canary-test"),
                ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.Address.ToString()),
                .. collector.Variables.Select(variable => (variable.Key, (string?)variable.Value)),
                .. withSlack ? [("Slack:BotToken", BotToken), ("Slack:Channel", SlackSimulator.AlertsChannel), ("Slack:ApiUrl", slack.ApiUrl.ToString())] : Array.Empty<(string, string?)>(),
            ]);
        using var http = await TestHost.StartAsync(app);

        using var content = new ByteArrayContent(Webhook());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await http.PostAsync(new Uri("webhooks/alertmanager", UriKind.Relative), content, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var nonsense = new StringContent($"{{\"{Canary()}\": nonsense {Canary()}", new MediaTypeHeaderValue("application/json"));
        (await http.PostAsync(new Uri("webhooks/alertmanager", UriKind.Relative), nonsense, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var incident = await DrawnAsync(app);
        var page = await http.GetStringAsync(new Uri($"incidents/{incident.Id}", UriKind.Relative), Cancellation);
        var list = await http.GetStringAsync(new Uri("", UriKind.Relative), Cancellation);
        var status = await http.GetStringAsync(new Uri("status", UriKind.Relative), Cancellation);

        // That there was something to hear: each place holds what stood beside the canaries.
        incident.ContextJson.ShouldNotBeNull().ShouldContain("beside-the-log");
        incident.ContextJson.ShouldContain("beside-the-event");
        incident.ContextJson.ShouldContain("beside-the-annotation");
        bedrock.Requests.ShouldNotBeEmpty();
        await Eventually.TrueAsync(
            () => app.Services.GetRequiredService<TracerProvider>().ForceFlush() && collector.Spans.Any(span => span.Name == "notification process"), "the last span is exported");
        page.ShouldContain("web");
        var places = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["broker"] = bodies.Text, ["model"] = string.Join('\n', bedrock.Requests.Select(request => request.Body)), ["Slack"] = string.Join('\n', slack.Requests.Select(request => request.Target + WebUtility.UrlDecode(request.Body))),
            ["page"] = page + list + status, ["console"] = console.ToString(), ["logs"] = string.Join('\n', heard), ["store"] = await StoreAsync(), ["traces"] = collector.Bytes,
        };
        foreach (var (place, text) in places)
        {
            (text.Length > 0 || place == (withSlack ? "console" : "Slack")).ShouldBeTrue(place);
            var at = text.IndexOf(Song, StringComparison.Ordinal);
            at.ShouldBe(-1, at < 0 ? place : $"{place}: …{text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 60)]}…");
        }

        await app.StopAsync(Cancellation);
    }

    // Of another form each time, so that no form is the only one that is tried.
    private string Canary()
    {
        var canary = $"{Song}{++hatched:00}x9Qz7";
        return (hatched % 6) switch
        {
            0 => $"password={canary}",
            1 => $"https://app:{canary}@db.shop.svc:5432/x",
            2 => $"Authorization: Bearer {canary}",
            3 => $"token: {canary}",
            4 => $"--api-key {canary} --verbose",
            _ => $"ghp_{canary}16C7e42F292c6912E7710c838347",
        };
    }

    private byte[] Webhook()
    {
        var body = Payloads.Json();
        body["groupKey"] = $"{{}}:{{reason=\"{Canary()}\"}}";
        body["receiver"] = Canary();
        body["externalURL"] = $"https://app:{Song}x9Qz7@alertmanager.example/";
        body["commonAnnotations"] = new JsonObject { ["summary"] = Canary() };
        var alert = body["alerts"]![0]!.AsObject();
        alert["labels"] = new JsonObject { ["alertname"] = "KubePodCrashLooping", ["severity"] = "critical", ["namespace"] = "shop", ["pod"] = Pod, ["container"] = "web", ["reason"] = Canary(), ["db_password"] = $"{Song}x9Qz7" };
        alert["annotations"] = new JsonObject
        {
            ["summary"] = $"beside-the-annotation {Canary()}", ["description"] = Canary(), ["runbook_url"] = $"https://runbooks.example/?token={Song}x9Qz7", ["api_token"] = $"{Song}x9Qz7 and more", [$"password={Song}"] = "x",
        };
        alert["generatorURL"] = $"https://app:{Song}x9Qz7@prometheus.example/graph?g0.expr=x%7Btoken%3D%22{Song}x9Qz7%22%7D";
        var malformed = alert.DeepClone().AsObject();
        malformed["startsAt"] = Canary();
        body["alerts"]!.AsArray().Add(malformed);
        return Payloads.Bytes(body.ToJsonString());
    }

    private Story Story() => new(
        Canaries().Replace(string.Join("\n---\n", Workload, Owners, Around), _ => Canary()).Replace("$song", Song, StringComparison.Ordinal).Replace("$pod", Pod, StringComparison.Ordinal),
        new Dictionary<string, string>
        {
            [$"shop/{Pod}/web.log"] = $"starting\n{Canary()}\nERROR beside-the-log {Canary()}\n-----BEGIN PRIVATE KEY-----\n{Song}\n-----END PRIVATE KEY-----\n",
            [$"shop/{Pod}/web.previous.log"] = $"starting\nERROR beside-the-log {Canary()}\npanic: {Canary()}\n",
        });

    private const string Workload = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: $pod
          namespace: shop
          uid: p-web
          labels: {app: web, pod-template-hash: 7c9d8f6b5}
          annotations: {example.com/dsn: "$canary", kubectl.kubernetes.io/last-applied-configuration: "$canary"}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-7c9d8f6b5, uid: r-web, controller: true}]
        spec:
          nodeName: agent-1
          nodeSelector: {zone: a}
          containers:
          - name: web
            image: registry.example/web:2.1.0
            command: [/web, "$canary"]
            args: [--token, "$songx9Qz7", --password, "correct horse $song", "--secret=two words $song", "--dsn=postgres://app:$songx9Qz7@db/x"]
            livenessProbe: {exec: {command: [sh, -c, "curl -u app:$songx9Qz7 http://localhost/"]}}
            readinessProbe: {httpGet: {path: "/healthz?token=$songx9Qz7", port: 8080}}
            env:
            - {name: DB_PASSWORD, value: "$songx9Qz7"}
            - {name: DSN, value: "$canary"}
            - {name: PLAIN, value: "$song"}
          volumes:
          - {name: data, persistentVolumeClaim: {claimName: data}}
        status:
          phase: Running
          message: "$canary"
          reason: Odd
          conditions: [{type: Ready, status: "False", reason: ContainersNotReady, message: "$canary"}]
          containerStatuses:
          - name: web
            ready: false
            restartCount: 6
            image: registry.example/web:2.1.0
            imageID: x
            state: {waiting: {reason: ImagePullBackOff, message: "Back-off pulling image https://app:$songx9Qz7@registry.example/web:2.1.0: $canary"}}
            lastState: {terminated: {exitCode: 1, reason: Error, message: "$canary", startedAt: "2026-11-22T02:00:00Z", finishedAt: "2026-11-22T02:01:00Z"}}
        """;

    private const string Owners = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop, uid: d-web, annotations: {deployment.kubernetes.io/revision: "2", note: "$canary"}}
        spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "registry.example/web:2.1.0"}]}}}
        status: {replicas: 1, conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded, message: "$canary"}]}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: web-6b7c8d9f5, namespace: shop, uid: r-old, labels: {app: web}, annotations: {deployment.kubernetes.io/revision: "1"}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d-web, controller: true}]}
        spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "registry.example/web:2.0.0", args: ["$canary"], env: [{name: API_KEY, value: "$songold"}]}]}}}
        status: {replicas: 0}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: web-7c9d8f6b5, namespace: shop, uid: r-web, labels: {app: web}, annotations: {deployment.kubernetes.io/revision: "2"}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d-web, controller: true}]}
        spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "registry.example/web:2.1.0", args: ["$canary", --verbose], env: [{name: API_KEY, value: "$songnew"}]}]}}}
        status: {replicas: 1, conditions: [{type: ReplicaFailure, status: "True", reason: FailedCreate, message: "$canary"}]}
        """;

    private const string Around = """
        {apiVersion: v1, kind: Event, metadata: {name: web.1, namespace: shop}, involvedObject: {kind: Pod, namespace: shop, name: $pod}, type: Warning, reason: Failed, message: "beside-the-event $canary", count: 3, lastTimestamp: "2026-11-22T02:01:00Z"}
        ---
        {apiVersion: v1, kind: Event, metadata: {name: web.2, namespace: shop}, involvedObject: {kind: Pod, namespace: shop, name: $pod}, type: Warning, reason: "$canary", message: x, count: 1, lastTimestamp: "2026-11-22T02:01:00Z"}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: agent-1, uid: n-1, annotations: {note: "$canary"}}
        spec: {taints: [{key: example.com/odd, value: x, effect: NoSchedule}]}
        status: {conditions: [{type: Ready, status: "False", reason: KubeletNotReady, message: "$canary"}, {type: DiskPressure, status: "True", reason: Full, message: "$canary"}]}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data, namespace: shop, annotations: {note: "$canary"}}
        spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 1Gi}}}
        status: {phase: Pending, conditions: [{type: Resizing, status: "True", message: "$canary"}]}
        ---
        {apiVersion: v1, kind: Event, metadata: {name: data.1, namespace: shop}, involvedObject: {kind: PersistentVolumeClaim, namespace: shop, name: data}, type: Warning, reason: ProvisioningFailed, message: "$canary", count: 1, lastTimestamp: "2026-11-22T02:01:00Z"}
        """;

    private static async Task<Incident> DrawnAsync(WebApplication app)
    {
        Incident? drawn = null;
        await Eventually.TrueAsync(
            async () =>
            {
                await using var scope = app.Services.CreateAsyncScope();
                drawn = await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Incidents.AsNoTracking().SingleOrDefaultAsync(incident => incident.DrawnVersion >= incident.Version, Cancellation);
                return drawn is not null;
            },
            "the incident is drawn");
        return drawn!;
    }

    private async Task<string> StoreAsync()
    {
        var text = new StringBuilder();
        foreach (var path in Directory.EnumerateFiles(host.Folder, "incidents.db*"))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.Latin1);
            text.Append(await reader.ReadToEndAsync(Cancellation));
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\$canary", RegexOptions.NonBacktracking)]
    private static partial Regex Canaries();

    private sealed class Bodies : IReceiveObserver
    {
        private readonly ConcurrentQueue<string> bodies = [];

        public string Text => string.Join('\n', bodies);

        public Task PreReceive(ReceiveContext context)
        {
            bodies.Enqueue(Encoding.UTF8.GetString(context.Body.GetBytes()));
            return Task.CompletedTask;
        }

        public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
    }

    private sealed class Listener(ConcurrentQueue<string> heard) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            heard.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => heard.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
