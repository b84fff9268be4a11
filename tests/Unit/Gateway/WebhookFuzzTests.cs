using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AlertResponder.Gateway;
using AlertResponder.Gateway.Alertmanager;
using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Notification.Cards;
using AlertResponder.Tests.Unit.Host;
using AlertResponder.Tests.Unit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>
/// The door's promise: whatever is done to webhooks of all senders, an alert in it is accepted, or set aside and told to a person; 200 never stands for
/// silence. Over HTTP into an inbox. A round that fails names its seed; <c>DOOR_ROUNDS=100000</c> in the environment makes it a long run.
/// </summary>
public sealed class WebhookFuzzTests : IDisposable
{
    private const int FirstSeed = 20_261_125;
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("DOOR_ROUNDS") ?? "1000", System.Globalization.CultureInfo.InvariantCulture);

    private readonly TestHost host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Post_MutationsOfAllSenders_EveryAlertIsAcceptedOrToldToAPerson()
    {
        await using var gateway = await StartGatewayAsync();
        using var http = ClientOf(gateway);
        ConcurrentQueue<string> failures = [];
        ConcurrentDictionary<HttpStatusCode, int> answers = [];
        var setAside = 0;

        await Parallel.ForEachAsync(Enumerable.Range(FirstSeed, Rounds), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (seed, _) =>
        {
            var mutation = WebhookMutation.Make(seed);
            using var response = await PostAsync(http, mutation);
            answers.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
            var (problem, aside) = await ProblemAsync(mutation, response);
            Interlocked.Add(ref setAside, aside);
            if (problem is not null)
            {
                failures.Enqueue($"Seed {seed}: {problem}: {Encoding.UTF8.GetString(mutation.Body)}");
            }
        });

        failures.ShouldBeEmpty();
        answers[HttpStatusCode.OK].ShouldBeGreaterThan(Rounds / 2);
        answers[HttpStatusCode.BadRequest].ShouldBeGreaterThan(Rounds / 20);
        answers.Keys.Except([HttpStatusCode.OK, HttpStatusCode.BadRequest]).ShouldBeEmpty();
        setAside.ShouldBeGreaterThan(Rounds / 100);

        // All that was not taken is told, in so many words.
        using var board = new Lifetime();
        board.Start();
        var notes = new Notes();
        using var teller = new RefusalTeller(gateway.Services.GetRequiredService<IServiceScopeFactory>(), notes, board, TimeProvider.System, NullLogger<RefusalTeller>.Instance);
        await teller.StartAsync(Cancellation);
        await Eventually.TrueAsync(async () => !await ReadAsync(gateway, store => store.Refusals.AnyAsync(refusal => refusal.Untold > 0, Cancellation)), "everything is told");
        await teller.StopAsync(Cancellation);
        var told = await ReadAsync(gateway, store => store.Refusals.AsNoTracking().ToListAsync(Cancellation));
        told.Where(refusal => refusal.Reason == RefusalReason.NotAWebhook).Sum(refusal => refusal.Count).ShouldBe(answers[HttpStatusCode.BadRequest]);
        told.Where(refusal => refusal.Reason == RefusalReason.SetAside).Sum(refusal => refusal.Count).ShouldBe(setAside);
        told.ShouldAllBe(refusal => refusal.ToldAt != null);
        notes.Told.Count.ShouldBe(told.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Rounds} webhooks: {string.Join(", ", answers)}; {setAside} set aside and told");
    }

    [Fact]
    public async Task Run_WhatMutationsLeave_IsTakenByEveryStage()
    {
        await using var app = host.Build(services => services.AddSingleton(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })));
        using var http = await TestHost.StartAsync(app);

        foreach (var seed in Enumerable.Range(FirstSeed, 150))
        {
            using var response = await PostAsync(http, WebhookMutation.Make(seed));
            ((int)response.StatusCode).ShouldBeLessThan(500, $"seed {seed}");
        }

        await Eventually.TrueAsync(
            async () =>
            {
                await using var scope = app.Services.CreateAsyncScope();
                var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
                return !await store.Inbox.AnyAsync(Cancellation) && await store.Incidents.AnyAsync(Cancellation) && !await store.Incidents.AnyAsync(i => i.DrawnVersion < i.Version, Cancellation);
            },
            "every accepted alert is part of an incident or ignored, and every incident is drawn");
        await app.StopAsync(Cancellation);
    }

    private static async Task<(string? Problem, int SetAside)> ProblemAsync(WebhookMutation mutation, HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            return mutation.Alerts is null && response.StatusCode == HttpStatusCode.BadRequest
                ? (null, SetAsideBefore(mutation.Body))
                : ($"answered {(int)response.StatusCode} although the webhook is one: {text}", 0);
        }

        var answer = (await response.Content.ReadFromJsonAsync<Answer>(Cancellation))!;
        var alerts = mutation.Alerts ?? AlertsIn(mutation.Body);
        return answer.Accepted + answer.SetAside.Length != alerts
            ? ($"of {alerts} alerts accepted {answer.Accepted}, set aside {string.Join("; ", answer.SetAside)}", 0)
            : mutation.HitAlert is { } hit && !answer.SetAside.All(reason => reason.StartsWith($"alerts[{hit}]: ", StringComparison.Ordinal))
                ? ($"set aside {string.Join("; ", answer.SetAside)} but only alert {hit} was hit", 0)
                : (null, answer.SetAside.Length);
    }

    // Counted by another reader than the door's.
    private static int AlertsIn(byte[] body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 512 });
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? document.RootElement.GetArrayLength()
            : document.RootElement.EnumerateObject().Where(property => IsAlerts(property) && property.Value.ValueKind == JsonValueKind.Array).Sum(property => property.Value.GetArrayLength());
    }

    private static bool IsAlerts(JsonProperty property)
    {
        try
        {
            return property.NameEquals("alerts");
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // Of a body that breaks off no other reader makes anything.
    private static int SetAsideBefore(byte[] body) => WebhookParser.Parse(body, TimeProvider.System.GetUtcNow()).SetAside.Count;

    private static async Task<T> ReadAsync<T>(WebApplication gateway, Func<IncidentsContext, Task<T>> read)
    {
        await using var scope = gateway.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<IncidentsContext>());
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, WebhookMutation mutation)
    {
        using var content = new ByteArrayContent(mutation.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await http.PostAsync(new Uri("webhooks/alertmanager", UriKind.Relative), content, Cancellation);
    }

    // Alone, so that what is accepted stays in the inbox.
    private async Task<WebApplication> StartGatewayAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Incidents", (string?)$"Data Source={Path.Combine(host.Folder, "inbox.db")}")]).Build();
        builder.Services.AddIncidents(configuration).AddGateway(configuration, durableBus: false);
        builder.Services.Remove(builder.Services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(AlertResponder.Gateway.Intake.InboxDispatcher)));

        // Nor is there a bus for clicks.
        builder.Services.Remove(builder.Services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory is not null));
        var gateway = builder.Build();
        gateway.MapGateway();
        await gateway.StartAsync(Cancellation);
        return gateway;
    }

    private static HttpClient ClientOf(WebApplication gateway) => new() { BaseAddress = new Uri(gateway.Urls.Single()) };

    private sealed record Answer(int Accepted, string[] SetAside);

    /// <summary>A board for notes alone.</summary>
    private sealed class Notes : IMessageBoard
    {
        public ConcurrentQueue<Note> Told { get; } = [];

        public Task NoteAsync(Note note, DateTimeOffset? mayBeThere, CancellationToken cancellationToken)
        {
            Told.Enqueue(note);
            return Task.CompletedTask;
        }

        public Task PostTurnAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task UrgentPostTurnAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool TryPostTurn() => throw new NotSupportedException();

        public Task UpdateTurnAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool TryUpdateTurn() => throw new NotSupportedException();

        public Task<PostedMessage> PostAsync(IncidentSnapshot incident, Func<string, Task> intendAsync, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<UpdateResult> UpdateAsync(PostedMessage message, IncidentSnapshot incident, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PostedMessage?> FindAsync(Guid incidentId, int number, string? intended, DateTimeOffset since, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ThreadReply? Overflow(IncidentSnapshot incident) => throw new NotSupportedException();

        public Task<string?> ReplyAsync(PostedMessage message, ThreadReply reply, string? ts, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task WhisperAsync(PostedMessage message, string person, CardLine line, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
