using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using AlertResponder.Host.Commands;
using AlertResponder.Notification.Console;
using Microsoft.Data.Sqlite;

namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>Runs scenarios through the stages and compares the cards with what their authors expect.</summary>
internal static class EvaluateCommand
{
    private static readonly JsonSerializerOptions ResultsFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="directory">A scenario's folder, or one with scenarios below it.</param>
    /// <param name="model">Who helps the rules.</param>
    /// <param name="show">Names of scenarios whose cards are printed; parts of names do.</param>
    /// <param name="json">Where the results go as JSON; null for nowhere.</param>
    /// <param name="settings">Of a real model, as <c>--Section:Name=value</c>.</param>
    /// <param name="errors">Where it goes what is wrong with the request.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code: 0 when all scenarios pass.</returns>
    public static async Task<int> ExecuteAsync(
        string directory, EvaluationModel model, string[] show, string? json, string[] settings, TextWriter errors, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory) || ScenarioFolder.Find(directory) is not { Count: > 0 } folders)
        {
            await errors.WriteLineAsync($"There is no scenario in {directory}: none of its folders has an alert.json.");
            return ExitCodes.BadUsage;
        }

        var watch = Stopwatch.StartNew();
        await using var bedrock = await model.StartAsync(cancellationToken);
        var results = await RunAsync(directory, folders, model.Settings(bedrock, Pipeline.Configuration(settings)), cancellationToken);
        var console = Terminal.Create();
        Scoreboard.Write(console, results, model.Label(), watch.Elapsed);
        foreach (var result in results.Where(result => show.Any(part => result.Name.Contains(part, StringComparison.OrdinalIgnoreCase))))
            Scoreboard.WriteCard(console, result);
        if (json is not null)
            await File.WriteAllTextAsync(json, JsonSerializer.Serialize(new { Label = model.Label(), Scenarios = results }, ResultsFormat), cancellationToken);
        return results.All(result => result.Passed) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task<IReadOnlyList<ScenarioResult>> RunAsync(
        string directory, IReadOnlyList<string> folders, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var results = new ScenarioResult[folders.Count];
        var place = Directory.CreateTempSubdirectory("alert-responder-evaluate-");
        try
        {
            var run = new ScenarioRun(place.FullName, settings);
            var options = new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(folders.Index(), options, async (folder, cancel) => results[folder.Index] = await RunAsync(run, folder.Item, Name(directory, folder.Item), cancel));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            place.Delete(recursive: true);
        }

        return results;
    }

    private static async Task<ScenarioResult> RunAsync(ScenarioRun run, string folder, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await run.RunAsync(ScenarioFolder.Read(folder, name), cancellationToken);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return ScenarioResult.Failed(name, e.Message);
        }
    }

    private static string Name(string directory, string folder) =>
        Path.GetRelativePath(directory, folder) is var name && name == "." ? Path.GetFileName(Path.GetFullPath(folder)) : name.Replace('\\', '/');
}
