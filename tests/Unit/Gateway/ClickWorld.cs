using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using AlertResponder.Gateway;
using AlertResponder.Incidents;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.Unit.Incidents;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;
using SlackNet;
using SlackNet.Blocks;
using SlackNet.WebApi;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>A store with an incident and a proposal, Slack with their message, a bus, and gateways that know all three.</summary>
internal sealed class ClickWorld : IAsyncDisposable
{
    public const string Clicker = "U0CLICKER";
    private const string BotToken = "xoxb-1";
    private const string AppToken = "xapp-1";

    private readonly List<WebApplication> gateways = [];
    private readonly Publishing publishing = new();

    private ClickWorld(TemporaryStore store, SlackSimulator slack, RecordingBus bus)
    {
        (Store, Slack, Bus) = (store, slack, bus);
        bus.Bus.ConnectPublishObserver(publishing);
    }

    public TemporaryStore Store { get; }

    public SlackSimulator Slack { get; }

    public RecordingBus Bus { get; }

    public Incident Incident { get; } = Samples.Incident();

    public Guid ProposalId { get; } = Guid.Parse("0193f6f0-0000-7000-8000-0000000000aa");

    /// <summary>The button's.</summary>
    public string Execute => RemediationButtons.ActionId(RemediationVerb.Execute, ProposalId);

    public SlackMessage Message { get; private set; } = null!;

    /// <summary>Whether the bus takes nothing.</summary>
    public bool BrokerIsDown { set => publishing.Fails = value; }

    public static async Task<ClickWorld> CreateAsync(Func<RecordingBus.Delivery, Task>? consume = null)
    {
        var world = new ClickWorld(
            await TemporaryStore.CreateAsync(),
            await SlackSimulator.StartAsync(BotToken, appToken: AppToken, cancellationToken: TestContext.Current.CancellationToken),
            await RecordingBus.StartAsync(consume));
        await world.Store.ChangeAsync(context =>
        {
            context.Incidents.Add(world.Incident);
            context.Proposals.Add(world.Proposal());
            return Task.CompletedTask;
        });
        world.Message = await world.PostAsync(world.ProposalId, world.Incident.Id);
        return world;
    }

    /// <summary>Posts a message with one button, as the bot.</summary>
    public async Task<SlackMessage> PostAsync(Guid proposalId, Guid incidentId)
    {
        var api = SlackApi.Create(new SlackOptions { BotToken = BotToken, ApiUrl = Slack.ApiUrl.AbsoluteUri });
        await api.Chat.PostMessage(
            new Message
            {
                Channel = SlackSimulator.AlertsChannel,
                Text = "price-scraper",
                Blocks =
                [
                    new ActionsBlock
                    {
                        Elements =
                        [
                            new Button
                            {
                                ActionId = RemediationButtons.ActionId(RemediationVerb.Execute, proposalId),
                                Value = RemediationButtons.Value(proposalId),
                                Text = new PlainText("Restart"),
                            },
                            new Button { ActionId = "runbook", Value = RemediationButtons.Value(proposalId), Text = new PlainText("Runbook") },
                        ],
                    },
                ],
                MetadataJson = new MessageMetadata
                {
                    EventType = RemediationButtons.EventType,
                    EventPayload = new JObject { [RemediationButtons.IncidentId] = incidentId.ToString("D") },
                },
            },
            TestContext.Current.CancellationToken);
        return Slack.Messages[^1];
    }

    /// <summary>Starts a gateway; with RabbitMQ's way of making clicks safe, or the single process'.</summary>
    /// <returns>Where Slack sends its callbacks.</returns>
    public async Task<Uri> StartAsync(bool durableBus = true, bool socketMode = false, params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:Incidents"] = Store.ConnectionString,
                ["Slack:BotToken"] = BotToken,
                ["Slack:AppToken"] = socketMode ? AppToken : null,
                ["Slack:SigningSecret"] = SlackSimulator.DefaultSigningSecret,
                ["Slack:Channel"] = SlackSimulator.AlertsChannel,
                ["Slack:ApiUrl"] = Slack.ApiUrl.AbsoluteUri,
            })
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)))
            .Build();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddHealthChecks();
        builder.Services.AddSingleton<IBus>(Bus.Bus).AddIncidents(configuration).AddGateway(configuration, durableBus);
        var gateway = builder.Build();
        gateway.MapGateway();
        gateway.MapHealthChecks("/healthz");
        gateways.Add(gateway);
        await gateway.StartAsync(TestContext.Current.CancellationToken);
        return new Uri(new Uri(gateway.Urls.Single()), "slack/interactions");
    }

    /// <summary>Stops the gateways, as a restart does: what they kept in memory is gone.</summary>
    public async Task StopAsync()
    {
        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }

        gateways.Clear();
    }

    /// <summary>The click on the message's button, signed.</summary>
    public SlackCallback Callback(DateTimeOffset? at = null, string? secret = null) => Slack.Sign(Slack.Press(Message, Execute, Clicker), at, secret);

    /// <summary>The same click with its payload changed, and signed all the same: what only Slack could send.</summary>
    public SlackCallback Callback(Action<JsonObject> change)
    {
        var click = Slack.Press(Message, Execute, Clicker);
        var payload = JsonNode.Parse(click.Payload.GetRawText())!.AsObject();
        change(payload);
        return Slack.Sign(click with { Payload = JsonSerializer.SerializeToElement(payload) });
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Bus.DisposeAsync();
        await Slack.DisposeAsync();
        await Store.DisposeAsync();
    }

    private Proposal Proposal() => new()
    {
        Id = ProposalId,
        IncidentId = Incident.Id,
        SubjectKey = Incident.SubjectKey,
        Kind = "restart-workload",
        ActionJson = "{}",
        Title = "Restart",
        CreatedAt = Samples.Start,
        ExpiresAt = Samples.Start.AddMinutes(30),
    };

    /// <summary>A broker that can be down.</summary>
    private sealed class Publishing : IPublishObserver
    {
        public bool Fails { get; set; }

        public Task PrePublish<T>(PublishContext<T> context)
            where T : class => Fails ? throw new IOException("The broker is down.") : Task.CompletedTask;

        public Task PostPublish<T>(PublishContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PublishFault<T>(PublishContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}
