using System.Net;
using System.Text.Json;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>What a message says as things change around it: it names what burns, and reaches people where they are.</summary>
public sealed class MessageStoryTests
{
    private const string NewChannel = "C0NEW00001";

    private static readonly Story NoCluster = new("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}", new Dictionary<string, string>());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneOfTwoHostsIsUpAgain_TheMessageIsAboutTheOther()
    {
        await using var surroundings = await Surroundings.StartAsync(NoCluster, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);
        object[] hosts = [Host("db-1.example:9104"), Host("db-2.example:9104")];

        await PostAsync(pipeline, hosts);
        await surroundings.MessageAsync(
            message => message.Shown().Contains("×2 (db-1.example:9104, db-2.example:9104)", StringComparison.Ordinal) && message.Shown().Contains("rules only", StringComparison.Ordinal), "both are told", Cancel);
        await PostAsync(pipeline, [Host("db-1.example:9104", "resolved")]);

        // Whichever of them the first diagnosis was about, in the end the message is about the one that is down, and analysed.
        var message = await surroundings.MessageAsync(
            message => message.Text.Contains("Instance db-2.example:9104 down", StringComparison.Ordinal) && message.Shown().Contains("rules only", StringComparison.Ordinal)
                && message.Shown().Contains("1 resolved: db-1.example:9104", StringComparison.Ordinal),
            "what fires is told",
            Cancel);
        message.Shown().ShouldContain("Alerts: InstanceDown (db-2.example:9104)");
        message.Shown().Split("db-1.example").Length.ShouldBe(2, "what is over is named once, as such");
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task ChannelIsArchivedAndAnotherConfigured_TheOpenIncidentIsContinuedThere()
    {
        await using var surroundings = await Surroundings.StartAsync(NoCluster, Cancel);
        await using (var before = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel))
        {
            await PostAsync(before, [Alert("warning", "first")]);
            await Eventually.TrueAsync(_ => Task.FromResult(before.Output.Contains("is shown in", StringComparison.Ordinal)), "the message is posted, and where it is recorded", cancellationToken: Cancel);
        }

        surroundings.Slack.Archive(SlackSimulator.AlertsChannel);
        surroundings.Slack.AddChannel(NewChannel, "alerts-new");
        await using var after = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(new KeyValuePair<string, string>("Slack__Channel", NewChannel)), cancellationToken: Cancel);
        await PostAsync(after, [Alert("critical", "worse now")]);

        var messages = await Eventually.ReadsAsync(
            _ => Task.FromResult(surroundings.Slack.Messages.Where(message => message.Channel == NewChannel).ToList()),
            messages => messages.Exists(message => message.Shown().Contains("worse now", StringComparison.Ordinal)),
            "the escalation is shown in the new channel",
            cancellationToken: Cancel);
        var message = messages.ShouldHaveSingleItem();
        message.Text.ShouldStartWith("🔴");
        message.Shown().ShouldContain("the channel is archived");
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task ChannelCannotBePostedTo_IsAnAlarmUntilItCanAndThenTheMessageGoesOut()
    {
        await using var surroundings = await Surroundings.StartAsync(NoCluster, Cancel);
        surroundings.Slack.RemoveBot(SlackSimulator.AlertsChannel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);

        await PostAsync(pipeline, [Alert("critical", "first")]);
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async token => (await http.GetStringAsync(new Uri(pipeline.Url, "status"), token)).Contains("Slack takes no messages in C0ALERTS01 (not_in_channel", StringComparison.Ordinal), "/status has the alarm", cancellationToken: Cancel);
        (await http.GetStringAsync(new Uri(pipeline.Url, ""), Cancel)).ShouldContain("Slack takes no messages in C0ALERTS01");
        (await http.GetAsync(new Uri(pipeline.Url, "healthz/ready"), Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK, "alerts are taken all the same");
        surroundings.Slack.InviteBot(SlackSimulator.AlertsChannel);

        var messages = await Eventually.ReadsAsync(
            _ => Task.FromResult(surroundings.Slack.Messages), messages => messages.Count == 2, "all is told", TimeSpan.FromSeconds(100), Cancel);
        messages.Select(message => message.Text).ShouldContain("✅ Messages can be posted here again.");
        messages[^1].Shown().ShouldContain("first");
        (await http.GetStringAsync(new Uri(pipeline.Url, "status"), Cancel)).ShouldNotContain("Slack takes no messages");
    }

    [Fact]
    public async Task ForeignText_IsShownAsItIs()
    {
        await using var surroundings = await Surroundings.StartAsync(NoCluster, Cancel);
        await using var pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);
        const string summary = "env _private_ and __init__.py missing in /srv/_data_/x";
        const string description = "cert for *.example.com and ~/.kube/config; see https://grafana.example/d/abc?var-pod=a*c";

        await PostAsync(pipeline, [Labelled(new() { ["alertname"] = "Mk1", ["severity"] = "warning", ["job"] = "x" }, summary, description: description)]);

        var message = await surroundings.MessageAsync(message => message.Shown().Contains("rules only", StringComparison.Ordinal), "the message is posted", Cancel);
        message.Shown().ShouldContain(summary);
        message.Shown().ShouldContain(description);
        surroundings.Slack.AssertNoUnexpectedCalls();
    }

    private static object Host(string instance, string status = "firing") =>
        Labelled(new() { ["alertname"] = "InstanceDown", ["job"] = "mysql", ["severity"] = "critical", ["instance"] = instance }, $"Instance {instance} down", status);

    private static object Alert(string severity, string summary) => Labelled(new() { ["alertname"] = "Chan", ["job"] = "x", ["severity"] = severity }, summary);

    private static object Labelled(SortedDictionary<string, string> labels, string summary, string status = "firing", string? description = null)
    {
        Dictionary<string, string> annotations = new(StringComparer.Ordinal) { ["summary"] = summary };
        if (description is not null)
            annotations["description"] = description;
        return new
        {
            status,
            labels,
            annotations,
            startsAt = "2026-11-20T10:00:00Z",
            endsAt = status == "firing" ? "0001-01-01T00:00:00Z" : "2026-11-20T10:05:00Z",
            generatorURL = "http://prometheus.example:9090/graph?g0.expr=up&g0.tab=1",
            fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(labels)).AsSpan(0, 8)),
        };
    }

    private static async Task PostAsync(PipelineProcess pipeline, object[] alerts)
    {
        using var http = new HttpClient();
        using var content = new StringContent(
            JsonSerializer.Serialize(new { version = "4", groupKey = "{}:{}", truncatedAlerts = 0, status = "firing", receiver = "hook", externalURL = "http://alertmanager.example:9093", alerts }),
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        (await http.PostAsync(new Uri(pipeline.Url, "webhooks/alertmanager"), content, Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
