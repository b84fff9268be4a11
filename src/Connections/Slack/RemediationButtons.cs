using System.Globalization;
using AlertResponder.Contracts;

namespace AlertResponder.Connections.Slack;

/// <summary>
/// The buttons of a message, as notification draws them and the gateway reads a click on one: the action id says what is asked
/// for, the value is the proposal's id. Nothing else of a click is believed.
/// </summary>
public static class RemediationButtons
{
    private const string Prefix = "remediation";

    /// <summary>The event type of the metadata of a message with buttons.</summary>
    public const string EventType = "alert_responder_incident";

    /// <summary>The member of that metadata with the incident's id.</summary>
    public const string IncidentId = "incident_id";

    /// <summary>A button's action id, unique within its message: <c>remediation:execute:0193f6f0-…</c>.</summary>
    public static string ActionId(RemediationVerb verb, Guid proposalId) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}:{verb.ToString().ToLowerInvariant()}:{proposalId:D}");

    /// <summary>A button's value.</summary>
    public static string Value(Guid proposalId) => proposalId.ToString("D", CultureInfo.InvariantCulture);

    /// <summary>What a click asks for; null when it is not on a button of ours.</summary>
    /// <param name="actionId">Of the button.</param>
    /// <param name="value">Of the button.</param>
    public static (RemediationVerb Verb, Guid ProposalId)? Read(string? actionId, string? value)
    {
        if (!Guid.TryParseExact(value, "D", out var proposalId))
        {
            return null;
        }

        foreach (var verb in Enum.GetValues<RemediationVerb>())
        {
            if (string.Equals(actionId, ActionId(verb, proposalId), StringComparison.Ordinal))
            {
                return (verb, proposalId);
            }
        }

        return null;
    }
}
