using AlertResponder.Host.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AlertResponder.Tests.Unit.Host;

/// <summary>All that is wrong is said at once, each with its fix.</summary>
public sealed class SettingsTests : IDisposable
{
    private const string RabbitMq = "amqp://guest:guest@127.0.0.1:9/";

    private readonly TestHost host = new();

    /// <summary>A setting, its bad value, and what the error says: where and how to mend it.</summary>
    public static TheoryData<string, string, string, string> BadSettings => new()
    {
        { "Gateway:WebhookTokn", "0123456789abcdef0123", "Gateway:WebhookTokn is no setting", "WebhookToken" },
        { "Slack:Enabled", "true", "Slack:Enabled is no setting", "BotToken" },
        { "ConnectionStrings:Incident", "Data Source=x.db", "ConnectionStrings:Incident is no setting", "Incidents" },
        { "Gateway:WebhookToken", "short", "Gateway:WebhookToken", "openssl rand -hex 32" },
        { "Gateway:MaxBodyBytes", "1", "Gateway:MaxBodyBytes", "between 65536" },
        { "Incidents:RetentionDays", "0", "Incidents:RetentionDays", "between 1 and 3650 days" },
        { "Incidents:RetentionDays", "3651", "Incidents:RetentionDays", "between 1 and 3650 days" },
        { "Incidents:Retention", "90", "Incidents:Retention is no setting", "RetentionDays" },
        { "Gateway:MaxBodyBytes", "lots", "Gateway:MaxBodyBytes", "a whole number" },
        { "ConnectionStrings:RabbitMq", "http://rabbit:5672", "ConnectionStrings:RabbitMq", "amqp://user:pass@host:5672/vhost" },
        { "ConnectionStrings:RabbitMq", "rabbit", "ConnectionStrings:RabbitMq", "amqp://user:pass@host:5672/vhost" },
        { "ConnectionStrings:Incidents", "Data Source=:memory:", "ConnectionStrings:Incidents", "Data Source=pipeline.db" },
        { "ConnectionStrings:Incidents", "Data Source=x;Mode=Memory", "ConnectionStrings:Incidents", "Data Source=pipeline.db" },
        { "ConnectionStrings:Incidents", "Mode=ReadOnly", "ConnectionStrings:Incidents", "Data Source=" },
        { "ConnectionStrings:Incidents", "pipeline.db", "ConnectionStrings:Incidents", "Data Source=pipeline.db" },
        { "ConnectionStrings:Incidents", "Host=db;Port=many", "ConnectionStrings:Incidents", "Host=" },
        { "OTEL_TRACES_EXPORTER", "zipkin", "OTEL_TRACES_EXPORTER is \"zipkin\"", "otlp" },
        { "OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://host:4317" },
        { "Slack:BotToken", "xoxb-1", "Slack:Channel is missing", "C0123456789" },
        { "Slack:Channel", "C0123456789", "Slack:BotToken is missing", "xoxb-" },
        { "Slack:ApiUrl", "slack.com", "Slack:ApiUrl", "https://slack.com/api/" },
        { "Analysis:SystemPromptFile", "nowhere.md", "Analysis:SystemPromptFile", "nowhere.md" },
        { "Analysis:DailyBudgetUsd", "-1", "Analysis:DailyBudgetUsd", "0 to 1000" },
        { "Analysis:DailyBudgetUsd", "a lot", "Analysis:DailyBudgetUsd", "a number" },
        { "Bedrock:ModelId", "amazon.nova-pro-v1:0", "Bedrock:ModelId", "Bedrock:Prices:0" },
        { "Page:Token", "0123456789abcde", "Page:Token is shorter than 16 characters", "openssl rand -hex 32" },
        { "Page:Toke", "0123456789abcdef", "Page:Toke is no setting", "Token" },
        { "Http:TrustedProxies:0", "proxy.example", "Http:TrustedProxies has \"proxy.example\"", "10.42.0.0/16" },
        { "Http:TrustedProxies:0", "10.42.0.0/33", "Http:TrustedProxies has \"10.42.0.0/33\"", "10.42.0.0/16" },
        { "Http:TrustedProxies:0", "0.0.0.0/0", "which is everybody", "addresses or networks" },
        { "Http:TrustedProxies:0", "::/0", "which is everybody", "addresses or networks" },
        { "Http:TrustedProxyCount", "0", "Http:TrustedProxyCount is 0", "1 to 10" },
        { "Http:TrustedProxyCount", "many", "Http:TrustedProxyCount is \"many\"", "a whole number" },
        { "FORWARDEDHEADERS_ENABLED", "True", "ASPNETCORE_FORWARDEDHEADERS_ENABLED", "Http:TrustedProxies" },
        { "Http:Proxies", "10.42.0.7", "Http:Proxies is no setting", "TrustedProxies" },
        { "Kubernetes:Cluster", "eu-1", "Kubernetes:Cluster is no setting", "ClusterName" },
        { "Remediation:Enabled", "maybe", "Remediation:Enabled", "true or false" },
        { "KUBECONFIG", "/nowhere/kubeconfig", "kubeconfig", "Set KUBECONFIG" },
        { "Roles", "painter", "Roles", "gateway, enrichment, analysis, notification, remediation" },
        { "Roles", "gateway", "ConnectionStrings:RabbitMq", "amqp://user:pass@host:5672/vhost" },
    };

    public void Dispose() => host.Dispose();

    [Theory]
    [MemberData(nameof(BadSettings))]
    public void Build_BadSetting_SaysWhereAndHowToMendIt(string key, string value, string where, string fix)
    {
        var error = Should.Throw<SettingsException>(() => host.Build((key, value))).Errors.ShouldHaveSingleItem();

        error.ShouldContain(where);
        error.ShouldContain(fix);
    }

    [Fact]
    public void Build_ManyBadSettings_SaysAllAtOnce()
    {
        var exception = Should.Throw<SettingsException>(() => host.Build(
            ("Gateway:WebhookTokn", "x"),
            ("Gateway:WebhookToken", "short"),
            ("Gateway:MaxBodyBytes", "1"),
            ("ConnectionStrings:RabbitMq", "rabbit"),
            ("ConnectionStrings:Incidents", "Data Source=:memory:"),
            ("Slack:BotToken", "xoxb-1"),
            ("Slack:ApiUrl", "slack"),
            ("Analysis:SystemPromptFile", "nowhere.md"),
            ("Bedrock:ModelId", "unknown"),
            ("KUBECONFIG", "/nowhere/kubeconfig")));

        string[] expected =
        [
            "Gateway:WebhookTokn", "Gateway:WebhookToken is shorter", "Gateway:MaxBodyBytes", "ConnectionStrings:RabbitMq", "ConnectionStrings:Incidents", "Slack:Channel", "Slack:ApiUrl",
            "Analysis:SystemPromptFile", "Bedrock:ModelId", "kubeconfig",
        ];
        exception.Errors.Count.ShouldBe(expected.Length, exception.Message);
        expected.ShouldAllBe(part => exception.Errors.Count(error => error.Contains(part, StringComparison.Ordinal)) == 1);
        exception.Errors.ShouldAllBe(error => exception.Message.Contains(error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("x9!q7#z5$w3")]
    public void Build_ShortPageToken_SaysNothingOfItsValue(string token) =>
        Should.Throw<SettingsException>(() => host.Build(("Page:Token", token))).Message.Replace("Page:Token is shorter than 16 characters: make one with `openssl rand -hex 32`.", "", StringComparison.Ordinal).ShouldBeEmpty();

    [Fact]
    public void Build_TwoNamesOfTheConnectedCluster_SaysWhichToRemove()
    {
        Should.Throw<SettingsException>(() => host.Build(("Kubernetes:ClusterName", "eu-1"), ("Remediation:Cluster", "eu-2")))
            .Errors.ShouldHaveSingleItem().ShouldContain("remove Remediation:Cluster");
        host.Build(("Kubernetes:ClusterName", "eu-1"), ("Remediation:Cluster", "eu-1")).ShouldNotBeNull();
    }

    [Fact]
    public void Build_BadRoleAndMore_SaysTheMoreToo()
    {
        var exception = Should.Throw<SettingsException>(() => host.Build(("Roles", "painter"), ("Slack:Chanel", "x"), ("ConnectionStrings:RabbitMq", "rabbit")));

        exception.Errors.Count.ShouldBe(3, exception.Message);
    }

    [Fact]
    public async Task Build_OptionsOfRolesThatAreOff_AreNotValidated()
    {
        await using var app = host.Build(
            ("Roles", "gateway"), ("ConnectionStrings:RabbitMq", RabbitMq), ("Slack:ApiUrl", "slack"), ("Analysis:SystemPromptFile", "nowhere.md"), ("KUBECONFIG", "/nowhere/kubeconfig"));

        app.ShouldNotBeNull();
    }

    [Fact]
    public void Build_OptionsOfRolesThatAreOn_AreValidated() =>
        Should.Throw<SettingsException>(() => host.Build(("Roles", "notification,analysis"), ("ConnectionStrings:RabbitMq", RabbitMq), ("Slack:ApiUrl", "slack"), ("Gateway:WebhookToken", "short")))
            .Errors.ShouldHaveSingleItem().ShouldContain("Slack:ApiUrl");

    [Theory]
    [InlineData("amqp://guest:guest@127.0.0.1:9/vhost")]
    [InlineData("amqps://127.0.0.1:9")]
    [InlineData("rabbitmq://127.0.0.1:9/")]
    public async Task Build_BrokerAddress_IsTaken(string address)
    {
        await using var app = host.Build(("Roles", "gateway"), ("ConnectionStrings:RabbitMq", address));

        app.ShouldNotBeNull();
    }

    [Fact]
    public async Task Build_Defaults_Works()
    {
        await using var app = host.Build();

        app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Build_Bus_SendsNoTelemetry()
    {
        new MassTransit.UsageTelemetryOptions().Enabled.ShouldBeTrue("else this test shows nothing");
        await using var app = host.Build();

        app.Services.GetRequiredService<IOptions<MassTransit.UsageTelemetryOptions>>().Value.Enabled.ShouldBeFalse();
    }
}
