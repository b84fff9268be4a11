using System.Net;
using AlertResponder.Contracts;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.Unit.Time;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>Clicks over connections that the gateway opens.</summary>
public sealed class SocketModeTests : IAsyncLifetime
{
    private ClickWorld world = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => world = await ClickWorld.CreateAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Click_OverASocket_IsPublishedOnceAndAcknowledgedInTime(bool durableBus)
    {
        await world.StartAsync(durableBus, socketMode: true);

        var envelope = await world.Slack.ClickAsync(world.Message, world.Execute, ClickWorld.Clicker, Cancellation);

        envelope.AcknowledgedAfter.ShouldNotBeNull().ShouldBeLessThan(TimeSpan.FromSeconds(3));
        envelope.Attempts.ShouldBe(1);
        await world.Bus.ReceivedAsync(1);
        var request = world.Bus.Deliveries.ShouldHaveSingleItem().Message.ShouldBeOfType<RemediationRequested>();
        (request.IncidentId, request.ProposalId, request.RequestedBy, request.Channel).ShouldBe((world.Incident.Id, world.ProposalId, ClickWorld.Clicker, "socket-mode"));
        world.Slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Click_SentTwice_IsAcknowledgedTwiceAndPublishedOnce()
    {
        await world.StartAsync(socketMode: true);
        var click = world.Slack.Press(world.Message, world.Execute, ClickWorld.Clicker);

        var envelopes = await Task.WhenAll(world.Slack.SendAsync(click, Cancellation), world.Slack.SendAsync(click, Cancellation));

        envelopes.ShouldAllBe(envelope => envelope.AcknowledgedAfter != null);
        await world.Bus.ReceivedAsync(1);
        world.Bus.Deliveries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Click_OverASocketAndByCallback_IsPublishedOnce()
    {
        var url = await world.StartAsync(socketMode: true);
        var click = world.Slack.Press(world.Message, world.Execute, ClickWorld.Clicker);
        await world.Slack.SendAsync(click, Cancellation);

        (await world.Slack.Sign(click).SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.Conflict);

        await world.Bus.ReceivedAsync(1);
        world.Bus.Deliveries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Click_WhileTheBrokerIsDown_IsNotAcknowledged()
    {
        await world.StartAsync(socketMode: true);
        world.Slack.AcknowledgementPatience = TimeSpan.FromMilliseconds(100);
        world.BrokerIsDown = true;

        var lost = await world.Slack.ClickAsync(world.Message, world.Execute, ClickWorld.Clicker, Cancellation);

        (lost.Attempts, lost.AcknowledgedAfter).ShouldBe((3, null));
        world.BrokerIsDown = false;
        world.Slack.AcknowledgementPatience = TimeSpan.FromSeconds(3);
        var taken = await world.Slack.ClickAsync(world.Message, world.Execute, ClickWorld.Clicker, Cancellation);
        taken.AcknowledgedAfter.ShouldNotBeNull();
        await world.Bus.ReceivedAsync(1);
        world.Bus.Deliveries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Click_AfterConnectionsEnded_ComesOverNewOnes()
    {
        var health = new Uri(await world.StartAsync(socketMode: true), "/healthz");
        await world.Slack.WaitForSocketsAsync(1, Cancellation);
        await HealthAsync(health, "Healthy");

        await world.Slack.DisconnectSocketsAsync(SocketDisconnect.Warning, Cancellation);
        await world.Slack.DisconnectSocketsAsync(SocketDisconnect.RefreshRequested, Cancellation);
        (await world.Slack.ClickAsync(world.Message, world.Execute, ClickWorld.Clicker, Cancellation)).AcknowledgedAfter.ShouldNotBeNull();
        world.Slack.CutSockets();

        // Sent into the cut connections it is lost, as often as Slack tries.
        var click = world.Slack.Press(world.Message, world.Execute, ClickWorld.Clicker);
        await Eventually.TrueAsync(async () => (await world.Slack.SendAsync(click, Cancellation)).AcknowledgedAfter is not null, "the click is acknowledged");

        await world.Bus.ReceivedAsync(2);
        await HealthAsync(health, "Healthy");
        world.Slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Connect_SlackRefusesAtFirst_IsTriedAgain()
    {
        world.Slack.Faults.Next(1, SlackFaults.Error("internal_error"), request => request.Path == "/api/apps.connections.open");
        var health = new Uri(await world.StartAsync(socketMode: true), "/healthz");

        await HealthAsync(health, "Degraded");
        await world.Slack.WaitForSocketsAsync(1, Cancellation);

        (await world.Slack.ClickAsync(world.Message, world.Execute, ClickWorld.Clicker, Cancellation)).AcknowledgedAfter.ShouldNotBeNull();
        await HealthAsync(health, "Healthy");
    }

    private static async Task HealthAsync(Uri url, string expected)
    {
        using var http = new HttpClient();
        await Eventually.TrueAsync(async () => await http.GetStringAsync(url, Cancellation) == expected, $"health is {expected}");
    }
}
