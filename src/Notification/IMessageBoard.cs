using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;

namespace AlertResponder.Notification;

/// <summary>Where people see the living message of an incident: a Slack channel, or the console.</summary>
/// <remarks>A board takes so much at a time. A turn is waited for before the call, so that a long queue is no slow board.</remarks>
internal interface IMessageBoard
{
    /// <summary>Returns when one message may be put up. In a storm that takes minutes.</summary>
    Task PostTurnAsync(CancellationToken cancellationToken);

    /// <summary>The same for what goes before others.</summary>
    Task UrgentPostTurnAsync(CancellationToken cancellationToken);

    /// <summary>Whether one message or reply may be put up now; then that turn is taken.</summary>
    bool TryPostTurn();

    /// <summary>Returns when one message may be redrawn.</summary>
    Task UpdateTurnAsync(CancellationToken cancellationToken);

    /// <summary>Whether one message may be redrawn now; then that turn is taken.</summary>
    bool TryUpdateTurn();

    /// <summary>Puts up the message of an incident. Not idempotent: ask <see cref="FindAsync"/> first when an earlier try may have succeeded.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="intendAsync">Told in which channel it is going to be, before it is: where a later try has to look for it, whatever is configured then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BoardUnusableException">Nothing can be put up anywhere.</exception>
    Task<PostedMessage> PostAsync(IncidentSnapshot incident, Func<string, Task> intendAsync, CancellationToken cancellationToken);

    /// <summary>Redraws the message in place.</summary>
    /// <exception cref="BoardUnusableException">It cannot be redrawn now, nor be put up elsewhere.</exception>
    Task<UpdateResult> UpdateAsync(PostedMessage message, IncidentSnapshot incident, CancellationToken cancellationToken);

    /// <summary>The newest message of an incident that was posted at or after <paramref name="since"/>; null when there is none.</summary>
    /// <param name="incidentId">The incident.</param>
    /// <param name="number">Which of its messages, as <see cref="IncidentSnapshot.MessageNumber"/>: one that was given up is not found.</param>
    /// <param name="intended">The channel where an earlier try was going to put it; null when that is not known.</param>
    /// <param name="since">By our clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<PostedMessage?> FindAsync(Guid incidentId, int number, string? intended, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>What the incident's message has no room for; null when it shows everything.</summary>
    ThreadReply? Overflow(IncidentSnapshot incident);

    /// <summary>Puts a reply into the thread of a message, or redraws the one of its key that is there. Idempotent.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="ts">Where it is, if that is known; null has it looked for before it is posted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The reply's id within the channel; null where the message takes no replies.</returns>
    Task<string?> ReplyAsync(PostedMessage message, ThreadReply reply, string? ts, CancellationToken cancellationToken);

    /// <summary>Tells one person something that nobody else sees. Not idempotent.</summary>
    /// <param name="message">What it is about.</param>
    /// <param name="person">Whom.</param>
    /// <param name="line">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task WhisperAsync(PostedMessage message, string person, CardLine line, CancellationToken cancellationToken);

    /// <summary>Puts up a message that belongs to no incident and is never redrawn. Idempotent where <paramref name="mayBeThere"/>.</summary>
    /// <param name="note">The message.</param>
    /// <param name="mayBeThere">When an earlier try may have succeeded, that is looked for first: since when; null for the first try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task NoteAsync(Note note, DateTimeOffset? mayBeThere, CancellationToken cancellationToken);
}

/// <summary>A message that belongs to no incident.</summary>
/// <param name="Key">Tells it from all others, also after a crash.</param>
/// <param name="Headline">In one line, for push notifications and screen readers.</param>
/// <param name="Parts">Top to bottom; none is empty.</param>
internal sealed record Note(string Key, string Headline, IReadOnlyList<CardPart> Parts);

/// <summary>Where a posted message is.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Ts">The message's id within the channel: Slack's <c>ts</c>.</param>
internal sealed record PostedMessage(string Channel, string Ts);

/// <summary>What became of an update.</summary>
/// <param name="GoneBecause">
/// Why the message can never be updated again (it was deleted, or its channel was archived): the board's error code. It is posted anew then,
/// without searching for it. Null when it was updated.
/// </param>
internal sealed record UpdateResult(string? GoneBecause)
{
    public static readonly UpdateResult Updated = new(GoneBecause: null);

    public static UpdateResult Gone(string because) => new(because);
}

/// <summary>
/// The board refuses every message at the moment, with a reason that a person has to mend. Nothing was put up; the store knows what is owed.
/// </summary>
internal sealed class BoardUnusableException(string why, Exception? inner = null) : Exception(why, inner);
