using AlertResponder.Host.Doctor;
using AlertResponder.Incidents;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Alertmanager;
using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Slack;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Architecture;
using AlertResponder.Tests.Unit.Incidents;
using AlertResponder.Tests.Unit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Host;

/// <summary>The doctor on the real application; what it examines is simulated, down, or wrong.</summary>
public sealed class DoctorTests : IDisposable
{
    private const string ClosedPort = "127.0.0.1:9";
    private const string AccessKey = "AKIADOCTOR";
    private const string SecretKey = "secret-of-the-doctor";
    private const string BotToken = "xoxb-doctor-1234567890";
    private const string Token = "token-of-enrichment-0123456789";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestHost host = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Manifest => File.ReadAllText(Path.Combine(Repository.Root, Permission.ManifestPath));

    private string Kubeconfig => Path.Combine(host.Folder, "cluster");

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Examine_EverythingWell_SaysSoAndChangesNothing()
    {
        await using var cluster = await ClusterAsync();
        await using var slack = await SlackSimulator.StartAsync(BotToken, cancellationToken: Cancel);
        await using var bedrock = await BedrockAsync();

        var findings = await ExamineAsync([.. Slack(slack), .. Bedrock(bedrock), ("KUBECONFIG", Kubeconfig), ("Gateway:WebhookToken", "0123456789abcdef")]);

        findings.ShouldAllBe(finding => finding.State != FindingState.Fail);
        Of(findings, "settings").State.ShouldBe(FindingState.Ok);
        Of(findings, "Kubernetes").Text.ShouldContain("v1.32");
        Of(findings, "permissions").State.ShouldBe(FindingState.Ok);
        Of(findings, "metrics").State.ShouldBe(FindingState.Note);
        Of(findings, "Bedrock").Text.ShouldContain("this cost");
        Of(findings, "Slack").Text.ShouldContain("alert-responder in Cardboard");
        findings.Count(finding => finding is { Subject: "Slack channel", State: FindingState.Ok }).ShouldBe(2);
        findings.Select(finding => finding.Subject).Distinct()
            .ShouldBe(["settings", "RabbitMQ", "store", "webhook", "clicks", "Kubernetes", "permissions", "metrics", "Bedrock", "Slack", "Slack channel", "remediation", "Alertmanager"]);
        slack.Messages.ShouldBeEmpty();
        cluster.AssertNoUnexpectedCalls();
        slack.AssertNoUnexpectedCalls();
        bedrock.AssertNoUnexpectedCalls();
        bedrock.Requests.ShouldHaveSingleItem().Body.ShouldContain("\"maxTokens\":1");
        Directory.GetFiles(host.Folder, "incidents.db*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Examine_EverythingDownOrRefused_FailsEachWithoutASecret()
    {
        await using var slack = await SlackSimulator.StartAsync("xoxb-another", cancellationToken: Cancel);
        await using var bedrock = await BedrockSimulator.StartAsync(AccessKey, "another-secret", "us-east-1", cancellationToken: Cancel);

        var findings = await ExamineAsync(
        [
            .. Slack(slack), .. Bedrock(bedrock),
            ("ConnectionStrings:RabbitMq", $"amqp://user:password-of-the-broker@{ClosedPort}/"),
            ("ConnectionStrings:Incidents", "Host=127.0.0.1;Port=9;Username=user;Password=password-of-the-store;Database=incidents"),
            ("Alertmanager:Url", $"http://{ClosedPort}"),
            ("Alertmanager:BearerToken", "password-of-alertmanager"),
        ]);

        findings.Where(finding => finding.State == FindingState.Fail).Select(finding => finding.Subject)
            .ShouldBe(["RabbitMQ", "store", "Kubernetes", "Bedrock", "Slack", "Alertmanager"]);
        Of(findings, "RabbitMQ").Text.ShouldContain("127.0.0.1:9");
        Of(findings, "store").Text.ShouldContain("Start PostgreSQL");
        Of(findings, "Bedrock").Text.ShouldContain("AWS_ACCESS_KEY_ID");
        Of(findings, "Slack").Text.ShouldContain("invalid_auth");
        string[] secrets = [BotToken, SecretKey, "password-of"];
        findings.ShouldAllBe(finding => !secrets.Any(secret => finding.Text.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Examine_WrongSettings_SaysAllAndStops()
    {
        var findings = await ExamineAsync([("Slack:Chanel", "x"), ("Gateway:WebhookToken", "short")]);

        findings.Where(finding => finding.State == FindingState.Fail).Select(finding => finding.Text.Split(' ')[0]).ShouldBe(["Slack:Chanel", "Gateway:WebhookToken"]);
        findings[^1].State.ShouldBe(FindingState.Note);
        findings.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Examine_OneRole_LooksAtWhatThatNeeds()
    {
        var findings = await ExamineAsync([("Roles", "gateway"), ("ConnectionStrings:RabbitMq", $"amqp://{ClosedPort}")]);

        findings.Select(finding => finding.Subject).ShouldBe(["settings", "RabbitMQ", "store", "webhook"]);
    }

    [Fact]
    public async Task Cluster_RightsMissing_NamesEachResourceWithTheFix()
    {
        await using var cluster = await ClusterAsync();
        cluster.Forbid("nodes");
        cluster.Forbid("pods/log", verb: "get");
        cluster.Forbid("jobs", verb: "list");

        var missing = (await ExamineAsync([("KUBECONFIG", Kubeconfig)])).Where(finding => finding.State == FindingState.Fail).ToList();

        missing.Select(finding => finding.Text.Split(", so")[0]).ShouldBe(["may not get pods/log", "may not get, list nodes", "may not list jobs.batch", "may not get nodes.metrics.k8s.io"]);
        missing.ShouldAllBe(finding => finding.Text.Contains("kubectl apply -f deploy/kubernetes/enrichment-rbac.yaml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cluster_WrongToken_SaysHowToGetOne()
    {
        await using var cluster = await ClusterAsync();
        cluster.WriteKubeconfig(Kubeconfig, "expired");

        Of(await ExamineAsync([("KUBECONFIG", Kubeconfig)]), "Kubernetes").Text.ShouldContain("create token");
    }

    [Fact]
    public async Task Cluster_MetricsThere_IsOk()
    {
        await using var cluster = await ClusterAsync();
        using var metrics = cluster.Faults.Always(
            Fault.Status(200, """{"kind":"NodeMetricsList","apiVersion":"metrics.k8s.io/v1beta1","metadata":{},"items":[]}""", "application/json"),
            request => request.Path == "/apis/metrics.k8s.io/v1beta1/nodes");

        Of(await ExamineAsync([("KUBECONFIG", Kubeconfig)]), "metrics").ShouldBe(Finding.Ok("metrics", "metrics.k8s.io answers"));
    }

    [Fact]
    public async Task Cluster_Hangs_IsGivenUpAfterTheTimeout()
    {
        await using var cluster = await ClusterAsync();
        using var hanging = cluster.Faults.Always(Fault.Hang);
        var time = new FakeTimeProvider();

        var examined = ExamineAsync(() => host.Build(services => services.AddSingleton<TimeProvider>(time), [("KUBECONFIG", Kubeconfig)]));
        await Eventually.TrueAsync(() => cluster.Requests.Count > 0, "the cluster is asked");
        time.Advance(Patience);

        Of(await examined, "Kubernetes").Text.ShouldStartWith("no answer within 60 s.");
    }

    [Fact]
    public async Task Cluster_None_IsANote() =>
        (await ClusterCheck.Of(null).RunAsync(Patience, TimeProvider.System, Cancel)).ShouldHaveSingleItem().State.ShouldBe(FindingState.Note);

    [Fact]
    public void Permissions_OfEnrichment_AreTheManifestsAndOnlyRead()
    {
        using var manifest = new StringReader(Manifest);

        Permission.OfEnrichment.ShouldBe(Permission.Granted(manifest));
        Permission.OfEnrichment.ShouldContain(new Permission("", "pods/log", "get"));
        Permission.OfEnrichment.ShouldContain(new Permission("apps", "replicasets", "get"));
        Permission.OfEnrichment.ShouldAllBe(permission => permission.Verb == "get" || permission.Verb == "list");
    }

    [Theory]
    [InlineData("conversations.history", "missing_scope", "channels:history")]
    [InlineData("conversations.history", "not_in_channel", "/invite")]
    [InlineData("chat.update", "missing_scope", "chat:write")]
    [InlineData("chat.update", "is_archived", "Unarchive")]
    [InlineData("auth.test", "account_inactive", "Slack:BotToken")]
    public async Task Slack_Refuses_SaysTheFix(string method, string error, string fix)
    {
        await using var slack = await SlackSimulator.StartAsync(BotToken, cancellationToken: Cancel);
        using var fault = slack.Faults.Always(SlackFaults.Error(error), request => request.Path.EndsWith(method, StringComparison.Ordinal));

        var failed = (await ExamineAsync(Slack(slack))).Where(finding => finding.State == FindingState.Fail && finding.Subject.StartsWith("Slack", StringComparison.Ordinal));

        failed.ShouldHaveSingleItem().Text.ShouldContain(fix);
        slack.Messages.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, null, nameof(FindingState.Note), "nobody can click")]
    [InlineData(SlackSimulator.DefaultSigningSecret, null, nameof(FindingState.Ok), "/slack/interactions")]
    [InlineData(null, "xapp-1", nameof(FindingState.Ok), "Socket Mode")]
    [InlineData(null, "xapp-another", nameof(FindingState.Fail), "connections:write")]
    public async Task Clicks_EachWay_SaysWhetherTheyComeIn(string? signingSecret, string? appToken, string state, string text)
    {
        await using var slack = await SlackSimulator.StartAsync(BotToken, appToken: "xapp-1", cancellationToken: Cancel);

        var finding = Of(await ExamineAsync([.. Slack(slack), ("Slack:SigningSecret", signingSecret), ("Slack:AppToken", appToken)]), "clicks");

        finding.State.ToString().ShouldBe(state);
        finding.Text.ShouldContain(text);
        slack.SocketConnections.ShouldBe(0);
    }

    [Fact]
    public async Task Slack_WrongChannel_FailsBothWays()
    {
        await using var slack = await SlackSimulator.StartAsync(BotToken, cancellationToken: Cancel);

        var findings = await ExamineAsync([.. Slack(slack), ("Slack:Channel", "C0NOWHERE")]);

        findings.Count(finding => finding is { Subject: "Slack channel", State: FindingState.Fail } && finding.Text.Contains("Set Slack:Channel", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Slack_Fallback_IsTriedToo()
    {
        await using var slack = await SlackSimulator.StartAsync(BotToken, cancellationToken: Cancel);
        slack.AddChannel("C0SPARE", "spare");
        slack.RemoveBot("C0SPARE");

        var findings = await ExamineAsync([.. Slack(slack), ("Slack:FallbackChannel", "C0SPARE")]);

        findings.Where(finding => finding.Subject == "Slack fallback").ShouldAllBe(finding => finding.State == FindingState.Fail && finding.Text.Contains("/invite", StringComparison.Ordinal));
        findings.Where(finding => finding.Subject == "Slack channel").ShouldAllBe(finding => finding.State == FindingState.Ok);
        slack.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Slack_RateLimited_SaysSo()
    {
        await using var slack = await SlackSimulator.StartAsync(BotToken, cancellationToken: Cancel);
        using var fault = slack.Faults.Always(SlackFaults.RateLimited(TimeSpan.FromSeconds(30)));

        Of(await ExamineAsync(Slack(slack)), "Slack").Text.ShouldContain("429");
    }

    public static TheoryData<string, Fault, string> BedrockErrors => new()
    {
        { "AccessDenied", BedrockFaults.AccessDenied(), "bedrock:InvokeModel" },
        { "ResourceNotFound", BedrockFaults.ResourceNotFound(), "Set Bedrock:ModelId" },
        { "Throttling", BedrockFaults.Throttling(), "quota" },
        { "ServiceUnavailable", BedrockFaults.ServiceUnavailable(), "try again" },
        { "OnDemand", BedrockFaults.Validation("Invocation of model ID amazon.nova-micro-v1:0 with on-demand throughput isn't supported. Retry with an inference profile."), "us.amazon.nova-micro-v1:0" },
        { "Validation", BedrockFaults.Validation("The provided model identifier is invalid."), "Converse API" },
    };

    [Theory]
    [MemberData(nameof(BedrockErrors))]
    public async Task Bedrock_Refuses_SaysTheFix(string error, Fault fault, string fix)
    {
        await using var bedrock = await BedrockAsync();
        using var always = bedrock.Faults.Always(fault);

        var finding = Of(await ExamineAsync(Bedrock(bedrock)), "Bedrock");

        finding.State.ShouldBe(FindingState.Fail, error);
        finding.Text.ShouldContain(fix);
        bedrock.Requests.Count.ShouldBe(1, "one question is one request");
    }

    [Fact]
    public async Task Bedrock_BudgetIsZero_IsNotAsked()
    {
        await using var bedrock = await BedrockAsync();

        Of(await ExamineAsync([.. Bedrock(bedrock), ("Analysis:DailyBudgetUsd", "0")]), "Bedrock").State.ShouldBe(FindingState.Note);
        bedrock.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Store_WithItsSchema_IsUpToDateAndUntouched()
    {
        await StartOnceAsync();
        var before = await File.ReadAllBytesAsync(Path.Combine(host.Folder, "incidents.db"), Cancel);

        Of(await ExamineAsync([]), "store").Text.ShouldContain("writable, schema up to date");
        (await File.ReadAllBytesAsync(Path.Combine(host.Folder, "incidents.db"), Cancel)).ShouldBe(before);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("eu-1", false)]
    public async Task Store_AlertsOfANamedCluster_AsksWhichIsConnected(string? name, bool asks)
    {
        await StartOnceAsync(store =>
        {
            store.Alerts.Add(Samples.Row(Samples.Alert("01", labels: ("cluster", "eu-1")).Received(), incidentId: null));
            return store.SaveChangesAsync(Cancel);
        });

        var findings = (await ExamineAsync([("Kubernetes:ClusterName", name)])).Where(finding => finding.Subject == "cluster").ToList();

        findings.Count.ShouldBe(asks ? 1 : 0);
        findings.ShouldAllBe(finding => finding.State == FindingState.Note && finding.Text.Contains("cluster=eu-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Store_WithoutItsSchema_IsToBeMigratedAndGetsNoTable()
    {
        await File.WriteAllBytesAsync(Path.Combine(host.Folder, "incidents.db"), [], Cancel);

        Of(await ExamineAsync([]), "store").Text.ShouldContain("to be made at the next start");
        new FileInfo(Path.Combine(host.Folder, "incidents.db")).Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("Data Source=/nowhere/incidents.db", "cannot be made")]
    [InlineData("Data Source={0}/kubeconfig", "not a database")]
    [InlineData("Data Source={0}/empty.db;Mode=ReadOnly", "readonly")]
    public async Task Store_CannotBeUsed_Fails(string connectionString, string problem)
    {
        await File.WriteAllBytesAsync(Path.Combine(host.Folder, "empty.db"), [], Cancel);

        var finding = Of(await ExamineAsync([("ConnectionStrings:Incidents", string.Format(System.Globalization.CultureInfo.InvariantCulture, connectionString, host.Folder))]), "store");

        finding.State.ShouldBe(FindingState.Fail);
        finding.Text.ShouldContain(problem);
    }

    [Fact]
    public async Task Alertmanager_NobodyThere_SaysSo() =>
        Of(await ExamineAsync([("Alertmanager:Url", $"http://{ClosedPort}")]), "Alertmanager").Text.ShouldContain("does not answer");

    [Fact]
    public async Task Alertmanager_WithCredentials_IsAskedWithThem()
    {
        await using var alertmanager = await AlertmanagerSimulator.StartAsync("/am", cancellationToken: Cancel);
        alertmanager.Authorization = "Bearer token-of-alertmanager";

        var finding = Of(await ExamineAsync([("Alertmanager:Url", alertmanager.ExternalUrl), ("Alertmanager:BearerToken", "token-of-alertmanager")]), "Alertmanager");

        finding.State.ShouldBe(FindingState.Ok, finding.Text);
        alertmanager.AssertNoUnexpectedCalls();
    }

    // In the first row both roles are in one process, which has one setting for both.
    [Theory]
    [InlineData("all", "120", ClosedPort, null)]
    [InlineData("all", "0", ClosedPort, "CompareSeconds is 0")]
    [InlineData("enrichment", "120", ClosedPort, null)]
    [InlineData("enrichment", "120", null, "set Alertmanager:Url here too")]
    [InlineData("enrichment", "0", ClosedPort, "remove Alertmanager:CompareSeconds=0 here")]
    [InlineData("remediation", "120", ClosedPort, "set Alertmanager:Url to the same address for the role enrichment")]
    [InlineData("remediation", "120", null, "for the roles enrichment and remediation")]
    public async Task Alertmanager_SilencesOn_SaysWhetherTheyAreCompared(string roles, string seconds, string? where, string? expected)
    {
        var findings = await ExamineAsync(
        [
            ("Roles", roles == "all" ? null : roles), ("ConnectionStrings:RabbitMq", roles == "all" ? null : $"amqp://{ClosedPort}"), ("Remediation:Enabled", "true"),
            ("Alertmanager:Url", where is null ? null : $"http://{where}"), ("Alertmanager:CompareSeconds", seconds),
        ]);

        var further = findings.Where(finding => finding.Subject == "Alertmanager").Skip(1).ToList();
        further.Count.ShouldBe(expected is null ? 0 : 1);
        further.ShouldAllBe(finding => finding.Text.Contains(expected!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alertmanager_AnotherServer_IsTold()
    {
        await using var other = await SlackSimulator.StartAsync(BotToken, cancellationToken: Cancel);

        Of(await ExamineAsync([("Alertmanager:Url", other.Address.ToString())]), "Alertmanager").Text.ShouldContain("not as an Alertmanager");
    }

    [Fact]
    public async Task Examine_RemediationOn_SaysWhichActionsLackRightsInEachNamespace()
    {
        await using var cluster = await ClusterAsync();
        cluster.Apply(
            """
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: all, namespace: bakery}, rules: [{apiGroups: ["*"], resources: ["*", "pods/log", "pods/eviction"], verbs: ["*"]}]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: all, namespace: bakery}
            roleRef: {kind: Role, name: all}
            subjects: [{kind: ServiceAccount, name: alert-responder-enrichment, namespace: alert-responder}]
            """);

        var findings = (await ExamineAsync(
        [
            ("KUBECONFIG", Kubeconfig), ("Remediation:Enabled", "true"), ("Remediation:Namespaces:0", "shop"), ("Remediation:Namespaces:1", "bakery"),
        ])).Where(finding => finding.Subject == "remediation").ToList();

        findings.Count.ShouldBe(3);
        findings[0].Text.ShouldContain("Remediation:Approvers");
        findings[1].Text.ShouldContain("restart-workload (patch deployments.apps, patch statefulsets.apps, patch daemonsets.apps)");
        findings[1].Text.ShouldNotContain("view-logs");
        findings[2].ShouldBe(Finding.Ok("remediation", "bakery: all actions are possible"));
        cluster.AssertNoUnexpectedCalls();
    }

    private static Finding Of(IReadOnlyList<Finding> findings, string subject) => findings.Where(finding => finding.Subject == subject).ShouldHaveSingleItem();

    private static (string, string?)[] Slack(SlackSimulator slack) =>
        [("Slack:BotToken", BotToken), ("Slack:Channel", SlackSimulator.AlertsChannel), ("Slack:ApiUrl", slack.ApiUrl.ToString())];

    private static (string, string?)[] Bedrock(BedrockSimulator bedrock) =>
    [
        ("AWS_ACCESS_KEY_ID", AccessKey), ("AWS_SECRET_ACCESS_KEY", SecretKey), ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.Address.ToString()),
        ("Bedrock:Region", "us-east-1"), ("Analysis:DailyBudgetUsd", "1"),
    ];

    private static async Task<BedrockSimulator> BedrockAsync()
    {
        var bedrock = await BedrockSimulator.StartAsync(AccessKey, SecretKey, "us-east-1", cancellationToken: Cancel);
        bedrock.AnswerWith(_ => "yes");
        return bedrock;
    }

    private async Task StartOnceAsync(Func<IncidentsContext, Task>? change = null)
    {
        await using var app = host.Build();
        using var http = await TestHost.StartAsync(app);
        if (change is not null)
        {
            await using var scope = app.Services.CreateAsyncScope();
            await change(scope.ServiceProvider.GetRequiredService<IncidentsContext>());
        }

        await app.StopAsync(Cancel);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    /// <summary>A cluster where the caller is the manifest's service account.</summary>
    private async Task<ClusterSimulator> ClusterAsync()
    {
        var cluster = await ClusterSimulator.StartAsync(Stories.PriceScraper, cancellationToken: Cancel);
        cluster.Apply(Manifest);
        cluster.AddUser(Token, "system:serviceaccount:alert-responder:alert-responder-enrichment");
        cluster.WriteKubeconfig(Kubeconfig, Token);
        return cluster;
    }

    private Task<List<Finding>> ExamineAsync((string Key, string? Value)[] settings) =>
        // Of two values for one setting the later counts.
        ExamineAsync(() => host.Build(settings.Reverse().DistinctBy(setting => setting.Key)));

    private static async Task<List<Finding>> ExamineAsync(Func<WebApplication> build)
    {
        List<Finding> findings = [];
        await foreach (var finding in DoctorCommand.ExamineAsync(build, Patience, Cancel))
        {
            findings.Add(finding);
        }

        return findings;
    }
}
