using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AlertResponder.Analysis;
using AlertResponder.Analysis.Prompt;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Simulators.Bedrock;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AlertResponder.Tests.Benchmarks.Trace;

/// <summary>
/// A month of alerts through the real analysis stage and the real store, with a clock of its own and a simulated model: what it costs.
/// Each alert is an incident of its own here, though in life several join one.
/// </summary>
internal static partial class TraceTest
{
    public const int Days = 30;
    public const int AlertsPerDay = 50;

    /// <summary>What goes wrong again and again, most of it by the first few of them; and how much is new on a day.</summary>
    public const int Recurring = 12;
    public const int FreshPerDay = 2;

    private const int LongestCause = 120;

    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<TraceResult> RunAsync(int seed, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("trace-");
        await using var bedrock = await BedrockSimulator.StartAsync("AKIDEXAMPLE", "secret", "us-east-1", cancellationToken: cancellationToken);
        bedrock.AnswerWith(Answer);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Incidents"] = $"Data Source={Path.Combine(folder.FullName, "trace.db")}",
            ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
            ["Bedrock:Region"] = "us-east-1",
            ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = bedrock.Address.AbsoluteUri,
        }).Build();
        var clock = new TraceClock(Start);
        await using (var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock).AddIncidents(configuration).AddAnalysis(configuration).BuildServiceProvider())
        {
            foreach (var migration in services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
                await migration.StartingAsync(cancellationToken);
            var analyses = new List<AnalysisCompleted>();
            foreach (var (at, trouble, random) in Alerts(seed))
            {
                clock.Now = at;
                analyses.Add(await AnalyzeAsync(services, trouble, at, random, cancellationToken));
            }

            bedrock.AssertNoUnexpectedCalls();
            var result = new TraceResult(analyses, [.. bedrock.Requests.Select(request => Estimate(request.Body))]);
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
            return result;
        }
    }

    private static async Task<AnalysisCompleted> AnalyzeAsync(ServiceProvider services, Trouble trouble, DateTimeOffset at, Random random, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var incident = new Incident
        {
            Id = Guid.CreateVersion7(at), SubjectKey = SubjectKey.For(trouble.Subject), SubjectKind = trouble.Subject.Kind, SubjectNamespace = trouble.Subject.Namespace,
            SubjectName = trouble.Subject.Name, OpenedAt = at, ResolvedAt = at, Revision = 1, EnrichedRevision = 1, Version = 1, DriveAt = at,
        };
        store.Incidents.Add(incident);
        await store.SaveChangesAsync(cancellationToken);
        return await scope.ServiceProvider.GetRequiredService<AnalysisDesk>().AnalyzeAsync(trouble.Fire(random, at, incident.Id), cancellationToken)
            ?? throw new InvalidOperationException("An incident was not analysed.");
    }

    private static IEnumerable<(DateTimeOffset At, Trouble Trouble, Random Random)> Alerts(int seed)
    {
        var random = new Random(seed);
        var kinds = Enum.GetValues<TroubleKind>();
        Trouble[] recurring = [.. Enumerable.Range(0, Recurring).Select(number => New(number))];
        var fresh = Recurring;
        for (var day = 0; day < Days; day++)
        {
            foreach (var second in Enumerable.Range(0, AlertsPerDay).Select(_ => random.Next(86_400)).Order())
            {
                var isFresh = random.Next(AlertsPerDay) < FreshPerDay;

                // The smaller of two draws: half of all alerts are of a few troubles.
                var trouble = isFresh ? New(fresh++) : recurring[Math.Min(random.Next(Recurring), random.Next(Recurring))];
                yield return (Start.AddDays(day).AddSeconds(second), trouble, random);
            }
        }

        Trouble New(int number) => new(new Subject("Deployment", $"team-{number % 5}", $"service-{number}"), kinds[number % kinds.Length], number);
    }

    /// <summary>As long as a small model's answers are; every third one names a count of this firing alone, which is no use for the next.</summary>
    private static string Answer(JsonElement request)
    {
        var question = request.GetProperty("messages")[0].GetProperty("content")[0].GetProperty("text").GetString()!;
        var finding = question.Split('\n').First(line => line.StartsWith("- ", StringComparison.Ordinal));
        var ids = finding[(finding.IndexOf('[', StringComparison.Ordinal) + 1)..finding.IndexOf(']', StringComparison.Ordinal)].Split(' ');
        var subject = question.Split('\n').First(line => line.StartsWith("Subject: ", StringComparison.Ordinal)).Split('/')[^1];
        var cause = Counts().Replace(finding[(finding.IndexOf("]: ", StringComparison.Ordinal) + 3)..].Split(", ")[0].TrimEnd('.'), "");
        var explanation = $"The state of {subject} and its last log show it. It does not get better by itself.";
        if (subject[^1] % 3 == 0 && question.Split("restarted ") is { Length: > 1 } restarts)
            explanation += $" It was restarted {restarts[1].Split(' ')[0]} times.";
        return new JsonObject
        {
            ["cause"] = cause.Length > LongestCause ? cause[..LongestCause] : cause,
            ["explanation"] = explanation,
            ["severity"] = "warning",
            ["confidence"] = "medium",
            ["evidence"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]),
            ["actions"] = new JsonArray("view-previous-logs"),
            ["commands"] = new JsonArray($"kubectl describe deployment {subject}"),
        }.ToJsonString();
    }

    /// <summary>The input tokens of a request by our estimate, which is above what a tokenizer counts.</summary>
    private static int Estimate(string request)
    {
        using var body = JsonDocument.Parse(request);
        return body.RootElement.GetProperty("system").EnumerateArray().Concat(body.RootElement.GetProperty("messages").EnumerateArray().SelectMany(message => message.GetProperty("content").EnumerateArray()))
            .Sum(block => TokenEstimate.Of(block.GetProperty("text").GetString()!));
    }

    /// <summary>What the system prompt asks a model to leave out of the cause.</summary>
    [GeneratedRegex(@" in \d+ of \d+ pods|,? ?\d+ restarts?| at \d\d:\d\d UTC", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Counts();

    private sealed class TraceClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
