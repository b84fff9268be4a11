using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Work;
using AlertResponder.Notification.Cards;
using AlertResponder.Notification.Slack;
using AlertResponder.Resilience;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SlackNet;

namespace AlertResponder.Notification;

/// <summary>
/// Tells what a click came to where the message cannot: a diff or a log in its thread, a refusal to the person alone. Once: a claim in the store keeps
/// others away while one tells, what was told is recorded with the answer, and a reply is found again in the thread by its key.
/// </summary>
internal sealed class AnswerTeller(IncidentsContext store, IMessageBoard board, [FromKeyedServices(StoreTime.Key)] TimeProvider time)
{
    internal static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan MessageWait = TimeSpan.FromSeconds(2);
    private const int MaxReason = 600;

    // Ends before the claim does, after which another process tells it.
    private static readonly TimeSpan Deadline = ClaimLasts - TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    private DateTimeOffset? claim;

    /// <summary>Whether there is something to tell beside the message.</summary>
    public static bool IsToTell(RemediationCompleted completed) => completed.RequestId is not null && completed is not { ForRequesterOnly: false, Reply: null };

    /// <summary>Notes that an answer is to be told, which <see cref="UntoldAnswers"/> then has done: to wait for the board's turn would hold whoever asks.</summary>
    /// <returns>Whether it is owed.</returns>
    public async Task<bool> OweAsync(RemediationCompleted completed, CancellationToken cancellationToken)
    {
        if (!IsToTell(completed))
        {
            return false;
        }

        var now = time.GetUtcNow().InMicroseconds();
        return await store.Remediations.Where(entry => entry.Id == completed.RequestId && entry.ToldAt == null && entry.TellAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.TellAt, now), cancellationToken) > 0;
    }

    /// <summary>Tells an answer that is due, unless another worker does. What fails is due again later and later, and no more where Slack refuses it for good.</summary>
    /// <exception cref="UpstreamPausedException">It is due when that is over.</exception>
    /// <exception cref="SlackException">Slack refuses it.</exception>
    /// <exception cref="TimeoutException">It was not told while the claim lasts.</exception>
    public async Task TellAsync(RemediationEntry entry, CancellationToken cancellationToken)
    {
        var completed = StoredJson.Read<RemediationCompleted>(entry.Json) with { Reply = entry.Reply };
        if (await MessageAsync(completed.IncidentId, cancellationToken) is null)
        {
            // The next drawing makes one. The board's turns are for those that have one.
            claim = entry.TellAt;
            await GiveBackAsync(entry.Id, told: null, tellAt: Later(entry, MessageWait));
            return;
        }

        await board.PostTurnAsync(cancellationToken);
        if (!await ClaimAsync(entry.Id, entry.TellAt, cancellationToken))
        {
            return;
        }

        try
        {
            if (await MessageAsync(completed.IncidentId, cancellationToken) is not { } message)
            {
                await GiveBackAsync(entry.Id, told: null, tellAt: Later(entry, MessageWait));
            }
            else if (completed.ForRequesterOnly)
            {
                await WithinClaimAsync(token => WhisperAsync(message, completed, token), cancellationToken);
                await GiveBackAsync(entry.Id, told: time.GetUtcNow(), tellAt: null);
            }
            else if (await TryReplyAsync(message, completed, entry.Id, cancellationToken))
            {
                await GiveBackAsync(entry.Id, told: time.GetUtcNow(), tellAt: null);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            await GiveBackAsync(entry.Id, told: null, tellAt: NextTry(entry, e));
            throw;
        }
    }

    private DateTimeOffset? NextTry(RemediationEntry entry, Exception failure) => failure switch
    {
        UpstreamPausedException paused => paused.PausedUntil,
        SlackException refused when SlackRefusals.IsOfTheAnswer(refused.ErrorCode) => null,
        _ => Later(entry, FirstWait),
    };

    private DateTimeOffset Later(RemediationEntry entry, TimeSpan first)
    {
        var now = time.GetUtcNow();
        return now + Backoff.ByAge(now - entry.CompletedAt, first, LongestWait);
    }

    private async Task WithinClaimAsync(Func<CancellationToken, Task> tellAsync, CancellationToken cancellationToken)
    {
        var left = claim!.Value - ClaimLasts + Deadline - time.GetUtcNow();
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await tellAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The answer was not told within {Deadline.TotalSeconds} s.", e);
        }
    }

    private Task WhisperAsync(PostedMessage message, RemediationCompleted completed, CancellationToken cancellationToken)
    {
        var icon = completed.Outcome == RemediationOutcome.Refused ? "🚫" : "⚠️";
        return board.WhisperAsync(message, completed.RequestedBy, CardLine.Of(CardSpan.Plain($"{icon} {ForeignText.Line(completed.Reason, MaxReason)}")), cancellationToken);
    }

    // Each but the first waits for a turn of its own, however long that takes.
    private async Task<bool> TryReplyAsync(PostedMessage message, RemediationCompleted completed, Guid requestId, CancellationToken cancellationToken)
    {
        foreach (var (number, reply) in AnswerReply.Of(completed, requestId).Index())
        {
            if (number > 0)
            {
                await board.PostTurnAsync(cancellationToken);
                if (!await ClaimAsync(requestId, claim, cancellationToken))
                {
                    return false;
                }
            }

            await WithinClaimAsync(token => ReplyAsync(message, completed, reply, token), cancellationToken);
        }

        return true;
    }

    private async Task ReplyAsync(PostedMessage message, RemediationCompleted completed, ThreadReply reply, CancellationToken cancellationToken)
    {
        if (await board.ReplyAsync(message, reply, ts: null, cancellationToken) is null)
        {
            var line = $"⚠️ {ForeignText.Line(reply.Headline, MaxReason)}: not shown, as this message takes no replies.";
            await board.WhisperAsync(message, completed.RequestedBy, CardLine.Of(CardSpan.Plain(line)), cancellationToken);
        }
    }

    private async Task<bool> ClaimAsync(Guid id, DateTimeOffset? known, CancellationToken cancellationToken)
    {
        var until = (time.GetUtcNow() + ClaimLasts).InMicroseconds();
        claim = until;
        return await store.Remediations.Where(entry => entry.Id == id && entry.ToldAt == null && entry.TellAt == known)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.TellAt, until), cancellationToken) > 0;
    }

    private Task GiveBackAsync(Guid id, DateTimeOffset? told, DateTimeOffset? tellAt)
    {
        var (own, toldAt, next) = (claim, told?.InMicroseconds(), tellAt?.InMicroseconds());
        return store.Remediations.Where(entry => entry.Id == id && entry.TellAt == own)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.ToldAt, toldAt).SetProperty(entry => entry.TellAt, next), CancellationToken.None);
    }

    private Task<PostedMessage?> MessageAsync(Guid incidentId, CancellationToken cancellationToken) => store.Incidents
        .Where(incident => incident.Id == incidentId && incident.MessageChannel != null && incident.MessageTs != null)
        .Select(incident => new PostedMessage(incident.MessageChannel!, incident.MessageTs!)).SingleOrDefaultAsync(cancellationToken);
}
