using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using AlertResponder.Host.Commands;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The simulators by themselves, and a pipeline in another process that is told of them by settings alone.</summary>
public sealed class SimulateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Simulate_PipelineInAnotherProcess_PostsTheModelsAnswer()
    {
        var port = FreePort.NextRow(3);
        var folder = Directory.CreateTempSubdirectory("alert-responder-simulate-");
        using var stop = new CancellationTokenSource();
        var kubeconfig = Path.Combine(folder.FullName, "kubeconfig");
        var simulators = CommandLine.Root()
            .Parse(["simulate", "--port", port.ToString(CultureInfo.InvariantCulture), "--kubeconfig", kubeconfig])
            .InvokeAsync(cancellationToken: stop.Token);
        try
        {
            await Eventually.TrueAsync(_ => Task.FromResult(File.Exists(kubeconfig)), "the simulators run", cancellationToken: Cancel);
            await using var pipeline = await PipelineProcess.StartNewAsync(
                environment: new Dictionary<string, string>
                {
                    ["KUBECONFIG"] = kubeconfig,
                    ["Slack__BotToken"] = "xoxb-simulated",
                    ["Slack__Channel"] = "C0ALERTS01",
                    ["Slack__ApiUrl"] = $"http://127.0.0.1:{port + 1}/api/",
                    ["AWS_ACCESS_KEY_ID"] = "AKIASIMULATED",
                    ["AWS_SECRET_ACCESS_KEY"] = "simulated-secret",
                    ["Bedrock__Region"] = "us-east-1",
                    ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = $"http://127.0.0.1:{port + 2}",
                    ["ConnectionStrings__Incidents"] = $"Data Source={Path.Combine(folder.FullName, "pipeline.db")}",
                },
                cancellationToken: Cancel);
            using var http = new HttpClient();
            using var webhook = new StringContent(PriceScraperAlert.Webhook, MediaTypeHeaderValue.Parse("application/json"));
            (await http.PostAsync(new Uri(pipeline.Url, "webhooks/alertmanager"), webhook, Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);

            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "xoxb-simulated");
            var history = await Eventually.ReadsAsync(
                token => http.GetStringAsync(new Uri($"http://127.0.0.1:{port + 1}/api/conversations.history?channel=C0ALERTS01"), token),
                history => history.Contains("OOMKilled", StringComparison.Ordinal),
                "the message is in the channel",
                cancellationToken: Cancel);
            history.ShouldContain("amazon.nova-micro-v1:0");
        }
        finally
        {
            await stop.CancelAsync();
            (await simulators).ShouldBe(0);
            folder.Delete(recursive: true);
        }
    }
}
