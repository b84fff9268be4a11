using System.Globalization;
using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Simulators.Slack;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json.Linq;
using SlackNet;
using SlackNet.Blocks;
using SlackNet.WebApi;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>An incident whose message has a button, without the stages that make one: in the store and in Slack.</summary>
internal sealed class Clicks : IAsyncDisposable
{
    public const string Person = "U0ONCALL";

    private readonly ServiceProvider services;
    private readonly Surroundings surroundings;

    private Clicks(ServiceProvider services, Surroundings surroundings) => (this.services, this.surroundings) = (services, surroundings);

    public Guid IncidentId { get; } = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public Guid ProposalId { get; } = Guid.NewGuid();

    public SlackMessage Message { get; private set; } = null!;

    private string Button => RemediationButtons.ActionId(RemediationVerb.Execute, ProposalId);

    /// <param name="surroundings">Slack.</param>
    /// <param name="settings">Of a pipeline that has started, so that the store has its tables.</param>
    public static async Task<Clicks> PrepareAsync(Surroundings surroundings, IReadOnlyDictionary<string, string> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Incidents", (string?)settings["ConnectionStrings__Incidents"])]).Build();
        var clicks = new Clicks(new ServiceCollection().AddLogging().AddIncidents(configuration).BuildServiceProvider(), surroundings);
        clicks.Message = await clicks.PostAsync(settings);
        await clicks.StoreAsync(async store =>
        {
            store.Incidents.Add(clicks.Incident());
            store.Proposals.Add(clicks.Proposal());
            return await store.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        return clicks;
    }

    /// <summary>A click, to be delivered.</summary>
    public SlackClick Press() => surroundings.Slack.Press(Message, Button, Person);

    /// <summary>How requests of the incident ended, as the store has it.</summary>
    public Task<List<RemediationEntry>> AnswersAsync() => StoreAsync(store =>
        store.Remediations.AsNoTracking().Where(entry => entry.IncidentId == IncidentId).ToListAsync(TestContext.Current.CancellationToken));

    /// <summary>Whether the gateway has nothing more to do with any click.</summary>
    public Task<bool> AreHandledAsync() => StoreAsync(store => store.Clicks.AllAsync(click => click.Handled, TestContext.Current.CancellationToken));

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task<T> StoreAsync<T>(Func<IncidentsContext, Task<T>> use)
    {
        await using var scope = services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<IncidentsContext>());
    }

    private async Task<SlackMessage> PostAsync(IReadOnlyDictionary<string, string> settings)
    {
        var api = SlackApi.Create(new SlackOptions { BotToken = settings["Slack__BotToken"], ApiUrl = settings["Slack__ApiUrl"] });
        var message = new Message
        {
            Channel = SlackSimulator.AlertsChannel,
            Text = "price-scraper",
            Blocks = [new ActionsBlock { Elements = [new Button { ActionId = Button, Value = RemediationButtons.Value(ProposalId), Text = new PlainText("Restart") }] }],
            MetadataJson = new MessageMetadata
            {
                EventType = RemediationButtons.EventType,
                EventPayload = new JObject { [RemediationButtons.IncidentId] = IncidentId.ToString("D", CultureInfo.InvariantCulture) },
            },
        };
        await api.Chat.PostMessage(message, TestContext.Current.CancellationToken);
        return surroundings.Slack.Messages[^1];
    }

    private Incident Incident() => new()
    {
        Id = IncidentId,
        SubjectKey = "CronJob/cardboard/price-scraper",
        SubjectKind = "CronJob",
        SubjectNamespace = "cardboard",
        SubjectName = "price-scraper",
        OpenedAt = TimeProvider.System.GetUtcNow().InMicroseconds(),
        Revision = 1,
        Version = 1,
        DrawnVersion = 1,
        MessageChannel = Message.Channel,
        MessageTs = Message.Ts,
        DriveAt = TimeProvider.System.GetUtcNow().AddHours(1).InMicroseconds(),
    };

    private Proposal Proposal() => new()
    {
        Id = ProposalId,
        IncidentId = IncidentId,
        SubjectKey = "CronJob/cardboard/price-scraper",
        Kind = "restart-workload",
        ActionJson = StoredJson.Write(new SuggestedAction(
            "restart-workload", new ObjectReference("CronJob", "cardboard", "price-scraper"), new Dictionary<string, string>(StringComparer.Ordinal), [])),
        Title = "Restart",
        CreatedAt = TimeProvider.System.GetUtcNow().InMicroseconds(),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(30).InMicroseconds(),
    };
}
