using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AlertResponder.Tests.EndToEnd.Compose;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary><c>docker-compose.yml</c> does what it promises, with processes in the place of containers.</summary>
public sealed class ComposeTests
{
    private static readonly string Yaml = Path.Combine(Deployment.Folder, "docker-compose.yml");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AllServices_AlertAtItsAlertmanager_OneMessageInTheSimulatedSlack()
    {
        var file = ComposeFile.Read(Yaml);
        await using var run = await ComposeRun.StartAsync(file, Deployment.Folder, Cancel);

        var alertmanager = await run.ServerAsync<AlertmanagerServer>("alertmanager");
        await alertmanager.FireAsync(PriceScraperAlert.Labels, PriceScraperAlert.Annotations, cancellationToken: Cancel);

        var notification = file.Services["notification"].Environment;
        using var slack = new HttpClient { BaseAddress = new Uri(run.Network.Translate(notification["Slack__ApiUrl"], "notification")) };
        slack.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", notification["Slack__BotToken"]);
        var history = await Eventually.ReadsAsync(
            token => slack.GetFromJsonAsync<JsonElement>($"conversations.history?channel={notification["Slack__Channel"]}", token),
            history => history.GetProperty("messages").GetArrayLength() > 0,
            "the message is in the channel",
            within: TimeSpan.FromSeconds(90),
            cancellationToken: Cancel);
        var message = history.GetProperty("messages").EnumerateArray().ShouldHaveSingleItem().GetRawText();
        message.ShouldContain("CronJob cardboard/price-scraper");
        message.ShouldContain("OOMKilled");
        message.ShouldContain("amazon.nova-micro-v1:0", customMessage: "the simulated model was asked");
        message.ShouldContain(alertmanager.Url.ToString().TrimEnd('/'), customMessage: "the link to Alertmanager");
    }

    [Fact]
    public void EveryVariable_IsDocumentedAtTheTop_AndReplacesWhatIsSimulated()
    {
        var text = File.ReadAllText(Yaml);
        var documented = text.Split('\n').TakeWhile(line => line.StartsWith('#'))
            .Where(line => line.StartsWith("#   ", StringComparison.Ordinal) && char.IsAsciiLetterUpper(line[4]))
            .Select(line => line[4..].Split(' ')[0]);
        ComposeFile.Variables(text).ShouldBe(documented, ignoreOrder: true);

        var real = ComposeFile.Read(Yaml, documented.ToDictionary(variable => variable, variable => $"./{variable.ToLowerInvariant()}", StringComparer.Ordinal));
        real.Configs["webhook-token"].Content.ShouldBe("./webhook_token");
        real.Services["enrichment"].Volumes.ShouldBe(["./kubeconfig_file:/etc/alert-responder/kubeconfig:ro"]);
        real.Services["remediation"].Volumes.ShouldBe(["./remediation_kubeconfig_file:/etc/alert-responder/kubeconfig:ro"]);
        real.Services.Where(service => service.Key != "simulators").SelectMany(service => service.Value.Environment)
            .ShouldAllBe(variable => !variable.Value.Contains("simulat", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void EveryService_HasNoMoreRightsThanItNeeds()
    {
        foreach (var (name, service) in ComposeFile.Read(Yaml).Services)
        {
            service.Restart.ShouldBe("unless-stopped", name);
            service.CapDrop.ShouldBe(["ALL"], name);
            service.SecurityOpt.ShouldBe(["no-new-privileges:true"], name);
            service.Ports.ShouldAllBe(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal), name);
            if (service.Image.StartsWith("alert-responder:", StringComparison.Ordinal))
            {
                service.ReadOnly.ShouldBeTrue(name);
                int.Parse(service.User!, CultureInfo.InvariantCulture).ShouldBeGreaterThan(0, name);
                service.PullPolicy.ShouldBe(service.Build is null ? "never" : "build", name);

                // What simulates is in an image of its own.
                var simulates = service.Command[0] == "simulate";
                service.Image.ShouldBe(simulates ? "alert-responder:lab" : "alert-responder:local", name);
                service.Build?.Args.ShouldBe(simulates ? new Dictionary<string, string> { ["LAB"] = "true" } : [], ignoreOrder: true, name);
            }
        }
    }
}
