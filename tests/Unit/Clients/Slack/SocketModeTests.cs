using System.Collections.Concurrent;
using System.Net.WebSockets;
using AlertResponder.Simulators.Slack;
using SlackNet;
using SlackNet.Blocks;
using SlackNet.Interaction;
using SlackNet.SocketMode;
using SlackNet.WebApi;
using Button = SlackNet.Blocks.Button;

namespace AlertResponder.Tests.Unit.Clients.Slack;

public sealed class SocketModeTests : IAsyncLifetime
{
    private const string AppToken = "xapp-1-A-2-three";

    private static readonly SocketModeConnectionOptions OneConnection = new() { NumberOfConnections = 1 };

    private readonly Clicks _clicks = new();
    private readonly Sockets _sockets = new();
    private SlackSimulator _slack = null!;
    private SlackServiceBuilder _services = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _slack = await SlackSimulator.StartAsync(SlackCalls.Token, appToken: AppToken, cancellationToken: Cancellation);
        _services = new SlackServiceBuilder()
            .UseApiClient(services => new SlackApiClient(
                services.GetHttp(), new UrlsAt(_slack.Address.AbsoluteUri.TrimEnd('/'), services.GetUrlBuilder()), services.GetJsonSettings(), SlackCalls.Token))
            .UseAppLevelToken(AppToken)
            .UseWebSocketFactory(_ => _sockets)
            .RegisterBlockActionHandler(_clicks);
    }

    public async ValueTask DisposeAsync()
    {
        var client = _services.GetSocketModeClient();
        if (client.Connected)
            client.Disconnect();
        client.Dispose();
        await _slack.DisposeAsync();
    }

    [Fact]
    public async Task Connect_RightToken_IsConnectedUntilDisconnected()
    {
        var client = _services.GetSocketModeClient();
        client.Connected.ShouldBeFalse();

        await client.Connect(OneConnection, Cancellation);

        client.Connected.ShouldBeTrue();
        await _slack.WaitForSocketsAsync(1, Cancellation);
        await Should.ThrowAsync<InvalidOperationException>(() => client.Connect(OneConnection, Cancellation));
        client.Disconnect();
        client.Connected.ShouldBeFalse();
        Should.Throw<ObjectDisposedException>(client.Disconnect);
        await Should.ThrowAsync<ObjectDisposedException>(() => client.Connect(OneConnection, Cancellation));
        _slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Connect_RefusedToken_Throws()
    {
        var client = _services.UseAppLevelToken("xapp-of-another").GetSocketModeClient();

        (await Should.ThrowAsync<SlackException>(() => client.Connect(OneConnection, Cancellation))).ErrorCode.ShouldBe("invalid_auth");

        client.Connected.ShouldBeFalse();
    }

    [Fact]
    public async Task Connect_ServerErrorFirst_TriesAgainAfterASecond()
    {
        _slack.Faults.Next(1, AlertResponder.Simulators.Traffic.Fault.Status(500));

        await _services.GetSocketModeClient().Connect(OneConnection, Cancellation);

        var tries = _slack.Requests.Where(request => request.Path == "/api/apps.connections.open").ToList();
        (tries[1].Time - tries[0].Time).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
    }

    [Fact]
    public async Task Click_OnAButton_ReachesTheHandlerAndIsAcknowledged()
    {
        var message = await PostAsync();
        await _services.GetSocketModeClient().Connect(OneConnection, Cancellation);

        var envelope = await _slack.ClickAsync(message, "execute", "U0ALICE", Cancellation);

        envelope.Attempts.ShouldBe(1);
        envelope.AcknowledgedAfter.ShouldNotBeNull();
        var (action, request) = _clicks.Seen.ShouldHaveSingleItem();
        (action.Type, action.ActionId, action.BlockId, action.Value).ShouldBe(("button", "execute", "proposals", "proposal-1"));
        action.Text.Text.ShouldBe("Restart");
        action.ActionTs.ShouldNotBeNullOrEmpty();
        (request.User.Id, request.Channel.Id).ShouldBe(("U0ALICE", SlackSimulator.AlertsChannel));
        (request.Container.ChannelId, request.Container.MessageTs).ShouldBe((SlackSimulator.AlertsChannel, message.Ts));
        request.Message.Text.ShouldBe("an incident");
        _slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Click_HandlerThrows_IsAcknowledgedNevertheless()
    {
        _clicks.Fail = true;
        var message = await PostAsync();
        await _services.GetSocketModeClient().Connect(OneConnection, Cancellation);

        (await _slack.ClickAsync(message, "execute", "U0ALICE", Cancellation)).AcknowledgedAfter.ShouldNotBeNull();

        _clicks.Fail = false;
        (await _slack.ClickAsync(message, "execute", "U0ALICE", Cancellation)).AcknowledgedAfter.ShouldNotBeNull();
        _clicks.Seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Event_WithoutHandler_IsAcknowledged()
    {
        await _services.GetSocketModeClient().Connect(OneConnection, Cancellation);

        var envelope = await _slack.SendEventAsync(System.Text.Json.JsonSerializer.SerializeToElement(new { type = "event_callback" }), Cancellation);

        envelope.AcknowledgedAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Warning_KeepsTheConnection()
    {
        var message = await PostAsync();
        await _services.GetSocketModeClient().Connect(OneConnection, Cancellation);
        await _slack.WaitForSocketsAsync(1, Cancellation);

        await _slack.DisconnectSocketsAsync(SocketDisconnect.Warning, Cancellation);
        await _slack.ClickAsync(message, "execute", "U0ALICE", Cancellation);

        _sockets.Urls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_OfTheConnection_AnotherIsOpenedUnderANewAddress(bool cut)
    {
        var message = await PostAsync();
        await _services.GetSocketModeClient().Connect(OneConnection, Cancellation);
        await _slack.WaitForSocketsAsync(1, Cancellation);

        if (cut)
            _slack.CutSockets();
        else
            await _slack.DisconnectSocketsAsync(SocketDisconnect.RefreshRequested, Cancellation);
        await _sockets.WaitForAsync(2);
        await _slack.ClickAsync(message, "execute", "U0ALICE", Cancellation);

        _sockets.Urls.Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
        _clicks.Seen.ShouldNotBeEmpty();
        _slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Connect_AfterSlackRefusedToRenewTheConnection_StartsAnew()
    {
        var message = await PostAsync();
        var client = _services.GetSocketModeClient();
        await client.Connect(OneConnection, Cancellation);
        await _slack.WaitForSocketsAsync(1, Cancellation);
        _slack.Faults.Next(1, SlackFaults.Error("internal_error"));

        _slack.CutSockets();
        var deadline = TimeProvider.System.GetTimestamp();
        while (_slack.Requests.Count(request => request.Path == "/api/apps.connections.open") < 2 || client.Connected)
        {
            TimeProvider.System.GetElapsedTime(deadline).ShouldBeLessThan(TimeSpan.FromSeconds(10));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }

        await client.Connect(OneConnection, Cancellation);

        (await _slack.ClickAsync(message, "execute", "U0ALICE", Cancellation)).AcknowledgedAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Connect_Several_OpensThemOneAfterTheOther()
    {
        var message = await PostAsync();

        await _services.GetSocketModeClient().Connect(
            new SocketModeConnectionOptions { NumberOfConnections = 3, ConnectionDelay = TimeSpan.FromMilliseconds(20) },
            Cancellation);

        await _slack.WaitForSocketsAsync(3, Cancellation);
        for (var click = 0; click < 3; click++)
            (await _slack.ClickAsync(message, "execute", "U0ALICE", Cancellation)).Attempts.ShouldBe(1);
        _clicks.Seen.Count.ShouldBe(3);
        _slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new SocketModeConnectionOptions { NumberOfConnections = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new SocketModeConnectionOptions { ConnectionDelay = TimeSpan.FromSeconds(-1) });
        (new SocketModeConnectionOptions().NumberOfConnections, new SocketModeConnectionOptions().ConnectionDelay).ShouldBe((2, TimeSpan.FromSeconds(10)));
    }

    private async Task<SlackMessage> PostAsync()
    {
        await _services.GetApiClient().Chat.PostMessage(
            new Message
            {
                Channel = SlackSimulator.AlertsChannel,
                Text = "an incident",
                Blocks =
                [
                    new ActionsBlock
                    {
                        BlockId = "proposals",
                        Elements =
                        [
                            new Button { ActionId = "execute", Text = "Restart", Value = "proposal-1" },
                            new Button { ActionId = "preview", Text = "Preview", Value = "proposal-1" },
                        ],
                    },
                ],
            },
            Cancellation);
        return _slack.Messages[^1];
    }

    private sealed class Clicks : IBlockActionHandler
    {
        public ConcurrentQueue<(ButtonAction Action, BlockActionRequest Request)> Seen { get; } = [];

        public bool Fail { get; set; }

        public Task Handle(BlockActionRequest request)
        {
            Seen.Enqueue(((ButtonAction)request.Actions[0], request));
            return Fail ? Task.FromException(new InvalidOperationException("told to")) : Task.CompletedTask;
        }
    }

    /// <summary>Sockets with a keep-alive, as the pipeline makes them, whose addresses are kept.</summary>
    private sealed class Sockets : IWebSocketFactory
    {
        private readonly System.Threading.Channels.Channel<string> _created = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public ConcurrentQueue<string> Urls { get; } = [];

        public IWebSocket Create(string uri)
        {
            var socket = new ClientWebSocket { Options = { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(15) } };
            Urls.Enqueue(uri);
            _created.Writer.TryWrite(uri);
            return new WebSocketWrapper(socket, uri);
        }

        public async Task WaitForAsync(int count)
        {
            while (Urls.Count < count)
                await _created.Reader.ReadAsync(Cancellation);
        }
    }
}
