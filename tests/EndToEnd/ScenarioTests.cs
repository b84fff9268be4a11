using System.Diagnostics;
using System.Text.Json;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The command <c>evaluate</c> as a process of its own.</summary>
public sealed class ScenarioTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Scenarios = Path.Combine(AppContext.BaseDirectory, "Scenarios");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evaluate_AllScenarios_PassWithRulesAlone()
    {
        var watch = Stopwatch.StartNew();

        var (exitCode, output) = await PipelineProcess.RunToEndAsync(["evaluate", Scenarios], new Dictionary<string, string>(), Cancel);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("rules only: ");
        watch.Elapsed.ShouldBeLessThan(Patience);
    }

    [Fact]
    public async Task Evaluate_BrokenAmongGood_TellsWhereAndRunsTheOthers()
    {
        var folder = Directory.CreateTempSubdirectory("alert-responder-scenarios-");
        try
        {
            var results = Path.Combine(folder.FullName, "results.json");
            Write(folder, "broken", "cluster.yaml", "apiVersion: v1\nkind: Pod\n\tmetadata: x");
            Write(folder, "broken", "alert.json", Alert);
            Write(folder, "broken", "expected.yml", "mustMention: [web]");
            Write(folder, "good", "alert.json", Alert);
            Write(folder, "good", "cluster.yaml", "");
            Write(folder, "good", "expected.yml", "mustMention: [web-0]\nallowedActions: []");

            var (exitCode, output) = await PipelineProcess.RunToEndAsync(["evaluate", folder.FullName, "--json", results], new Dictionary<string, string>(), Cancel);

            exitCode.ShouldBe(1, output);
            output.ShouldContain("cluster.yaml(2)");
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(results, Cancel));
            document.RootElement.GetProperty("label").GetString().ShouldBe("rules only");
            document.RootElement.GetProperty("scenarios").EnumerateArray()
                .ToDictionary(item => item.GetProperty("name").GetString()!, item => item.GetProperty("passed").GetBoolean())
                .ShouldBe(new Dictionary<string, bool> { ["broken"] = false, ["good"] = true }, ignoreOrder: true, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Evaluate_WithTheSimulatedModel_CountsItsTokens()
    {
        var (_, output) = await PipelineProcess.RunToEndAsync(
            ["evaluate", Path.Combine(Scenarios, "oom-deployment-go-cache"), "--model", "simulated"], new Dictionary<string, string>(), Cancel);

        output.ShouldContain("simulated model: ");
        output.ShouldNotContain(", 0 tokens");
    }

    private const string Alert =
        """[{"labels":{"alertname":"KubePodCrashLooping","namespace":"shop","pod":"web-0"},"annotations":{"summary":"Pod web-0 is crash looping."},"startsAt":"2026-06-01T10:00:00Z"}]""";

    private static void Write(DirectoryInfo folder, string scenario, string file, string text)
    {
        var path = folder.CreateSubdirectory(scenario).FullName;
        File.WriteAllText(Path.Combine(path, file), text);
    }
}
