using System.Text.Json;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
using AlertResponder.Notification.Slack;
using AlertResponder.Resilience;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SlackNet;

namespace AlertResponder.Notification;

/// <summary>
/// Has answers told that are due by the store, each by one process: those of clicks that were just dealt with, those that an earlier process left, and, after the
/// start and when Slack takes messages again that it had refused, those that were recorded and never told.
/// </summary>
/// <param name="scopes">Of the store.</param>
/// <param name="isAlone">Whether no other process tells answers of this store: what was claimed before the start was a dead one's.</param>
/// <param name="lifetime">Of the application.</param>
/// <param name="time">The store's clock.</param>
/// <param name="logger">For what could not be told.</param>
internal sealed partial class UntoldAnswers(
    IServiceScopeFactory scopes, bool isAlone, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<UntoldAnswers> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private const int MostAtOnce = 100;

    // Nobody waits longer for the answer to a click.
    private static readonly TimeSpan Awaited = TimeSpan.FromDays(1);

    private readonly WakeUp wakeUp = new();

    /// <summary>An answer is due.</summary>
    public void Wake() => wakeUp.Raise();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        var takenUp = false;
        await new WorkRounds(scopes, time, logger).RepeatAsync("answers", Interval, wakeUp, RoundAsync, stoppingToken);

        async Task RoundAsync(CancellationToken cancellationToken)
        {
            if (!takenUp)
            {
                await TakeUpAsync(cancellationToken);
                if (isAlone)
                {
                    await TakeOverAsync(cancellationToken);
                }

                takenUp = true;
            }

            await TellAsync(cancellationToken);
        }
    }

    /// <summary>Makes what was recorded and never told due now.</summary>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var now = time.GetUtcNow().InMicroseconds();
        var since = now - Awaited;
        await store.Remediations
            .Where(entry => entry.CompletedAt >= since && entry.ToldAt == null && entry.TellAt == null && (entry.Reply != null || entry.ForRequesterOnly == true))
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.TellAt, now), cancellationToken);
    }

    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow().InMicroseconds();
        await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Remediations.Where(entry => entry.TellAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.TellAt, now), cancellationToken);
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var now = time.GetUtcNow();
        var forgotten = now - Awaited;
        await store.Remediations.Where(entry => entry.TellAt <= now && entry.CompletedAt < forgotten)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.TellAt, (DateTimeOffset?)null), cancellationToken);
        var due = await store.Remediations.AsNoTracking().Where(entry => entry.TellAt <= now).OrderBy(entry => entry.TellAt).ThenBy(entry => entry.CompletedAt).Take(MostAtOnce).ToListAsync(cancellationToken);
        foreach (var entry in due)
        {
            if (!await TryTellAsync(entry, cancellationToken))
            {
                return;
            }
        }
    }

    /// <returns>Whether others are worth a try.</returns>
    private async Task<bool> TryTellAsync(RemediationEntry entry, CancellationToken cancellationToken)
    {
        using var span = Traces.Continue("answer", entry.Traceparent, entry.IncidentId);
        using var logScope = logger.BeginIncident(entry.IncidentId);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<AnswerTeller>().TellAsync(entry, cancellationToken);
            return true;
        }
        catch (UpstreamPausedException e)
        {
            Log.Waits(logger, entry.Id, e.PausedUntil);
            return false;
        }
        catch (JsonException e)
        {
            // Another try reads the same.
            Log.Unreadable(logger, entry.Id, e);
            await ForgetAsync(entry, cancellationToken);
            return true;
        }
        catch (SlackException e) when (SlackRefusals.IsOfTheAnswer(e.ErrorCode))
        {
            Log.Refused(logger, entry.Id, e.ErrorCode);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotTold(logger, e, entry.Id);
            return true;
        }
    }

    private async Task ForgetAsync(RemediationEntry entry, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IncidentsContext>().Remediations.Where(known => known.Id == entry.Id && known.TellAt == entry.TellAt)
            .ExecuteUpdateAsync(set => set.SetProperty(known => known.TellAt, (DateTimeOffset?)null), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Answer {Id} waits until {Until:O}")]
        public static partial void Waits(ILogger logger, Guid id, DateTimeOffset until);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Answer {Id} is not told: Slack refuses it ({Error})")]
        public static partial void Refused(ILogger logger, Guid id, string error);

        [LoggerMessage(Level = LogLevel.Error, Message = "Answer {Id} could not be told; trying again later")]
        public static partial void NotTold(ILogger logger, Exception exception, Guid id);

        [LoggerMessage(Level = LogLevel.Error, Message = "Answer {Id} cannot be read and is not told")]
        public static partial void Unreadable(ILogger logger, Guid id, Exception exception);
    }
}
