using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using AlertResponder.Gateway;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Host;
using AlertResponder.Tests.Unit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>Real webhooks with something done to them, over HTTP into an inbox. A round that fails names its seed.</summary>
public sealed class WebhookFuzzTests : IDisposable
{
    private const int FirstSeed = 20_261_125;
    private const int Rounds = 10_000;

    private readonly TestHost host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Post_TenThousandMutations_NeverFailAndKeepTheSiblings()
    {
        await using var gateway = await StartGatewayAsync();
        using var http = ClientOf(gateway);
        ConcurrentQueue<string> failures = [];
        ConcurrentDictionary<HttpStatusCode, int> answers = [];

        await Parallel.ForEachAsync(Enumerable.Range(FirstSeed, Rounds), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (seed, _) =>
        {
            var mutation = WebhookMutation.Make(seed);
            using var response = await PostAsync(http, mutation);
            answers.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
            if (await ProblemAsync(mutation, response) is { } problem)
            {
                failures.Enqueue($"Seed {seed}: {problem}: {Encoding.UTF8.GetString(mutation.Body)}");
            }
        });

        failures.ShouldBeEmpty();
        answers[HttpStatusCode.OK].ShouldBeGreaterThan(Rounds / 2);
        answers[HttpStatusCode.BadRequest].ShouldBeGreaterThan(Rounds / 20);
        using var last = await PostAsync(http, new WebhookMutation(Payloads.Read("firing-single"), 1, null));
        last.StatusCode.ShouldBe(HttpStatusCode.OK);
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

    private static async Task<string?> ProblemAsync(WebhookMutation mutation, HttpResponseMessage response)
    {
        if ((int)response.StatusCode >= 500)
        {
            return $"answered {(int)response.StatusCode}";
        }

        if (mutation.Alerts is not { } alerts)
        {
            return null;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return $"answered {(int)response.StatusCode} although the webhook is one";
        }

        var answer = await response.Content.ReadFromJsonAsync<Answer>(Cancellation);
        return answer!.Accepted + answer.SetAside.Length == alerts && answer.SetAside.All(reason => reason.StartsWith($"alerts[{mutation.HitAlert}]: ", StringComparison.Ordinal))
            ? null
            : $"of {alerts} alerts accepted {answer.Accepted}, set aside {string.Join("; ", answer.SetAside)} but only alert {mutation.HitAlert} was hit";
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
}
