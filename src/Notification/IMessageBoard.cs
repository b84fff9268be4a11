using AlertResponder.Incidents;

namespace AlertResponder.Notification;

/// <summary>Where people see the living message of an incident: a Slack channel, or the console.</summary>
internal interface IMessageBoard
{
    /// <summary>Puts up the message of an incident. Not idempotent: ask <see cref="FindAsync"/> first when an earlier try may have succeeded.</summary>
    Task<PostedMessage> PostAsync(IncidentSnapshot incident, CancellationToken cancellationToken);

    /// <summary>Redraws the message in place.</summary>
    Task<UpdateResult> UpdateAsync(PostedMessage message, IncidentSnapshot incident, CancellationToken cancellationToken);

    /// <summary>The newest message of an incident that was posted at or after <paramref name="since"/>; null when there is none.</summary>
    Task<PostedMessage?> FindAsync(Guid incidentId, DateTimeOffset since, CancellationToken cancellationToken);
}

/// <summary>Where a posted message is.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Ts">The message's id within the channel: Slack's <c>ts</c>.</param>
internal sealed record PostedMessage(string Channel, string Ts);

/// <summary>What became of an update.</summary>
internal enum UpdateResult
{
    Updated,

    /// <summary>Somebody deleted the message, or it can no longer be edited: post anew, without searching for it.</summary>
    Gone,
}
