using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using AlertResponder.Gateway.Intake;
using AlertResponder.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SlackNet;
using SlackNet.Interaction;
using SlackNet.SocketMode;

namespace AlertResponder.Gateway.Slack;

/// <summary>
/// Takes clicks over connections to Slack that this side opens, two of them, so that one is there while Slack renews the other.
/// </summary>
/// <remarks>
/// The client opens again what ends, but gives up where Slack refuses, and waits longer and longer where the network fails. So it is
/// watched, and replaced when it is not connected for a while.
/// </remarks>
internal sealed partial class SocketMode(
    IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, IOptions<SlackOptions> options, TimeProvider time, ILogger<SocketMode> logger)
    : BackgroundService, IBlockActionHandler, IHealthCheck
{
    public const string HealthCheckName = "socket-mode";

    private const string Way = "socket-mode";
    private const int Connections = 2;
    private static readonly TimeSpan ConnectionDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    // By then Slack has told the person, and takes no acknowledgement any more.
    private static readonly TimeSpan Withheld = TimeSpan.FromMinutes(1);

    // How many looks at a client without connection: its own first try comes after a second.
    private const int PatientLooks = 5;

    private volatile string? trouble = "not connected yet";

    /// <summary>
    /// Takes a click. SlackNet acknowledges it when this returns, also by an exception, so a click that is not safe is held
    /// until Slack has given it up: it sends the click again, and in the end shows the person an error.
    /// </summary>
    public async Task Handle(BlockActionRequest request)
    {
        if (Click.Read(request) is not { } click)
        {
            return;
        }

        try
        {
            using var span = Traces.Begin("socket-mode click");
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ClickDesk>().TakeAsync(click, Way, lifetime.ApplicationStopping);
        }
        catch (Exception e)
        {
            Log.NotSafe(logger, click.ProposalId, e);
            await Task.Delay(Withheld, time, CancellationToken.None);
        }
    }

    /// <summary>Degraded without a connection: webhooks and the rest of the pipeline don't need one.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(trouble is { } reason ? HealthCheckResult.Degraded($"Clicks do not come in: {reason}.") : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        for (var backoff = FirstBackoff; ; backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff)
        {
            using var client = SlackApi.CreateSocketMode(options.Value, this);
            if (await ConnectAsync(client, stoppingToken))
            {
                (trouble, backoff) = (null, FirstBackoff);
                Log.Connected(logger);
                await WatchAsync(client, stoppingToken);
                Lost("the connection was lost");
            }

            await Task.Delay(backoff, time, stoppingToken);
        }
    }

    private async Task<bool> ConnectAsync(ISlackSocketModeClient client, CancellationToken stoppingToken)
    {
        // Not to be cancelled by a deadline: the token goes on to end the client's connections.
        var connecting = client.Connect(new SocketModeConnectionOptions { NumberOfConnections = Connections, ConnectionDelay = ConnectionDelay }, stoppingToken);
        try
        {
            await connecting.WaitAsync(ConnectPatience, time, stoppingToken);
            return true;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            client.Disconnect();
            _ = connecting.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            Lost(e is SlackException refusal ? $"Slack refuses Slack:AppToken ({refusal.ErrorCode})" : "Slack cannot be reached");
            return false;
        }
    }

    private async Task WatchAsync(ISlackSocketModeClient client, CancellationToken stoppingToken)
    {
        try
        {
            for (var looks = 0; looks < PatientLooks; looks = client.Connected ? 0 : looks + 1)
            {
                await Task.Delay(LookInterval, time, stoppingToken);
            }
        }
        finally
        {
            client.Disconnect();
        }
    }

    private void Lost(string reason)
    {
        trouble = reason;
        Log.Lost(logger, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Socket Mode is connected")]
        public static partial void Connected(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Socket Mode is not connected: {Reason}; trying again")]
        public static partial void Lost(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "A click on proposal {ProposalId} was not made safe, so it is not acknowledged; Slack shows the person an error")]
        public static partial void NotSafe(ILogger logger, Guid proposalId, Exception exception);
    }
}
