using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Notification;

/// <summary>
/// Tells what a click came to where the message cannot: a diff or a log in its thread, a refusal to the person alone. Once: what
/// was told is recorded with the answer, and a reply is found again in the thread by its key.
/// </summary>
internal sealed class AnswerTeller(IncidentsContext store, IMessageBoard board, [FromKeyedServices(StoreTime.Key)] TimeProvider time)
{
    private const int MaxReason = 600;

    /// <exception cref="MessageNotThereException">The incident has no message, so there is no place to tell it.</exception>
    public async Task TellAsync(RemediationCompleted completed, CancellationToken cancellationToken)
    {
        if (completed.RequestId is not { } requestId
            || completed is { ForRequesterOnly: false, Reply: null }
            || await store.Remediations.AnyAsync(entry => entry.Id == requestId && entry.ToldAt != null, cancellationToken))
        {
            return;
        }

        var message = await store.Incidents.Where(incident => incident.Id == completed.IncidentId && incident.MessageChannel != null && incident.MessageTs != null)
                .Select(incident => new PostedMessage(incident.MessageChannel!, incident.MessageTs!)).SingleOrDefaultAsync(cancellationToken)
            ?? throw new MessageNotThereException(completed.IncidentId);
        if (completed.ForRequesterOnly)
        {
            await board.PostTurnAsync(cancellationToken);
            var icon = completed.Outcome == RemediationOutcome.Refused ? "🚫" : "⚠️";
            await board.WhisperAsync(message, completed.RequestedBy, CardLine.Of(CardSpan.Plain($"{icon} {ForeignText.Line(completed.Reason, MaxReason)}")), cancellationToken);
        }
        else
        {
            foreach (var reply in AnswerReply.Of(completed, requestId))
            {
                await board.PostTurnAsync(cancellationToken);
                if (await board.ReplyAsync(message, reply, ts: null, cancellationToken) is null)
                {
                    var line = $"⚠️ {ForeignText.Line(reply.Headline, MaxReason)}: not shown, as this message takes no replies.";
                    await board.WhisperAsync(message, completed.RequestedBy, CardLine.Of(CardSpan.Plain(line)), cancellationToken);
                }
            }
        }

        var now = time.GetUtcNow().InMicroseconds();
        await store.Remediations.Where(entry => entry.Id == requestId)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.ToldAt, now), CancellationToken.None);
    }
}

/// <summary>The incident has no message yet, or none any more; the next drawing makes one.</summary>
internal sealed class MessageNotThereException(Guid incidentId) : Exception($"Incident {incidentId} has no message to answer in.");
