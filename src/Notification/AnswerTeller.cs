using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;
using AlertResponder.Resilience;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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

    private DateTimeOffset claim;

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

    /// <summary>Tells an answer that is due, unless another worker does.</summary>
    /// <exception cref="UpstreamPausedException">It is due when that is over.</exception>
    public async Task TellAsync(RemediationEntry entry, CancellationToken cancellationToken)
    {
        var completed = StoredJson.Read<RemediationCompleted>(entry.Json) with { Reply = entry.Reply };
        await board.PostTurnAsync(cancellationToken);
        if (!await ClaimAsync(entry.Id, entry.TellAt, cancellationToken))
        {
            return;
        }

        try
        {
            if (await MessageAsync(completed.IncidentId, cancellationToken) is not { } message)
            {
                // The next drawing makes one.
                await GiveBackAsync(entry.Id, told: null, tellAt: time.GetUtcNow() + MessageWait);
            }
            else if (completed.ForRequesterOnly)
            {
                await WhisperAsync(message, completed, cancellationToken);
                await GiveBackAsync(entry.Id, told: time.GetUtcNow(), tellAt: null);
            }
            else if (await TryReplyAsync(message, completed, entry.Id, cancellationToken))
            {
                await GiveBackAsync(entry.Id, told: time.GetUtcNow(), tellAt: null);
            }
        }
        catch (UpstreamPausedException e)
        {
            await GiveBackAsync(entry.Id, told: null, tellAt: e.PausedUntil);
            throw;
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

            if (await board.ReplyAsync(message, reply, ts: null, cancellationToken) is null)
            {
                var line = $"⚠️ {ForeignText.Line(reply.Headline, MaxReason)}: not shown, as this message takes no replies.";
                await board.WhisperAsync(message, completed.RequestedBy, CardLine.Of(CardSpan.Plain(line)), cancellationToken);
            }
        }

        return true;
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
