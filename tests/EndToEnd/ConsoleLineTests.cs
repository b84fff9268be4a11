using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Whatever a webhook holds, what the process writes to its console stays lines of its own.</summary>
public sealed class ConsoleLineTests
{
    private const string Hostile = "\u001b[2J\u001b]0;title\u0007\nFORGED lf\r\nFORGED crlf\rFORGED cr\u202e\u2066\u200b\u2028FORGED separator\u0085FORGED nel\u009b31m";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Webhook_ControlAndBidirectionalCharactersEverywhere_ReachNoLine()
    {
        await using var pipeline = await PipelineProcess.StartNewAsync(
            environment: new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Logging__LogLevel__Default"] = "Debug",
                ["Logging__Console__FormatterName"] = "simple",
                ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
                ["ConnectionStrings__Incidents"] = "Data Source=console.db",
                ["Analysis__DailyBudgetUsd"] = "0",
            },
            cancellationToken: Cancel);
        using var http = new HttpClient { BaseAddress = pipeline.Url };
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "agent/1 \u001b[31m");

        foreach (var name in new[] { $"Alert {Hostile} end", "Watchdog" })
        {
            using var taken = await http.PostAsJsonAsync("/webhooks/alertmanager", Webhook(name), Cancel);
            taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var broken = new StringContent($"{{\"version\":\"4\",\"{Hostile}\": nonsense", Encoding.UTF8, "application/json");
        using var refused = await http.PostAsync(new Uri("/webhooks/alertmanager", UriKind.Relative), broken, Cancel);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var unknown = await http.GetAsync(new Uri("/a%1b%5b31m%0aFORGED%0dpath", UriKind.Relative), Cancel);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await Eventually.ReadsAsync(
            _ => Task.FromResult(pipeline.Output),
            output => output.Contains("FORGED cr", StringComparison.Ordinal) && output.Contains("Opened", StringComparison.Ordinal) && output.Contains("Alert [2J", StringComparison.Ordinal),
            "the alert is logged and its card printed",
            cancellationToken: Cancel);

        foreach (var line in pipeline.Output.Split('\n'))
        {
            line.TrimStart().ShouldNotStartWith("FORGED");
            line.EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                .ShouldBeEmpty(line);
        }
    }

    private static object Webhook(string name) => new
    {
        version = "4",
        status = "firing",
        receiver = Hostile,
        groupKey = Hostile,
        externalURL = "http://alertmanager.example:9093",
        alerts = new object[]
        {
            new
            {
                status = "firing",
                startsAt = DateTimeOffset.UnixEpoch.AddYears(56),
                labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = name, ["severity"] = "critical", ["team"] = Hostile, [$"x{Hostile}"] = "y" },
                annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["summary"] = Hostile, ["description"] = Hostile },
            },
            Hostile,
            new { status = Hostile, labels = new { alertname = Hostile }, startsAt = Hostile },
        },
    };
}
