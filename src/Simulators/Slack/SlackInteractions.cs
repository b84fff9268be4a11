using System.Text.Json;

namespace AlertResponder.Simulators.Slack;

/// <summary>A message that only one person sees.</summary>
/// <param name="Channel">Id of the channel.</param>
/// <param name="User">Who sees it.</param>
/// <param name="Ts">When, in the form of a message's id; nothing can be done with it.</param>
/// <param name="Content">What it says.</param>
/// <param name="ThreadTs">The message whose thread it is shown in; null in the channel itself.</param>
public sealed record EphemeralMessage(string Channel, string User, string Ts, SlackContent Content, string? ThreadTs);

/// <summary>A view that was opened by <c>views.open</c>.</summary>
/// <param name="Id">V...</param>
/// <param name="User">Whom it was opened for: who had clicked.</param>
/// <param name="View">As it was sent.</param>
public sealed record OpenedView(string Id, string User, JsonElement View);

/// <summary>An answer that was sent to a click's response URL.</summary>
/// <param name="User">Who had clicked.</param>
/// <param name="Channel">Where.</param>
/// <param name="MessageTs">The message that was clicked.</param>
/// <param name="Body">As it was sent.</param>
public sealed record ClickResponse(string User, string Channel, string MessageTs, JsonElement Body);

/// <summary>A click on a button, ready to be delivered, be it once, several times or not at all.</summary>
/// <param name="Payload">What Slack tells of it: <c>block_actions</c>.</param>
/// <param name="TriggerId">Opens one view within three seconds.</param>
/// <param name="ResponseUrl">Takes five answers within half an hour.</param>
public sealed record SlackClick(JsonElement Payload, string TriggerId, Uri ResponseUrl);

/// <summary>What was sent over Socket Mode.</summary>
/// <param name="Id">Its <c>envelope_id</c>.</param>
/// <param name="Type"><c>interactive</c> or <c>events_api</c>.</param>
/// <param name="Payload">What it carries.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="AcknowledgedAfter">How long after the last time it was acknowledged; null when it never was.</param>
public sealed record SlackEnvelope(string Id, string Type, JsonElement Payload, int Attempts, TimeSpan? AcknowledgedAfter);

/// <summary>Why Slack ends a connection.</summary>
public enum SocketDisconnect
{
    /// <summary>It will, in about ten seconds; until then the connection stays.</summary>
    Warning,

    /// <summary>It does, now; the app is to connect again.</summary>
    RefreshRequested,
}
