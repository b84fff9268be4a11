using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>What a webhook body says.</summary>
/// <param name="Alerts">The usable alerts, in the order they came.</param>
/// <param name="SetAside">Why others are none, a sentence each.</param>
/// <param name="Notes">What was left out of accepted alerts, or had to be taken from elsewhere, a sentence each; of many the first.</param>
/// <param name="TruncatedAlerts">How many alerts Alertmanager itself left out of the group.</param>
/// <param name="NotificationReason">Why Alertmanager sends it (0.34 and later); null when it does not say.</param>
/// <param name="Fault">Why it could not be read to its end; null when it was. The alerts before that are there.</param>
internal sealed record ParsedWebhook(
    IReadOnlyList<AlertReceived> Alerts,
    IReadOnlyList<string> SetAside,
    IReadOnlyList<string> Notes,
    int TruncatedAlerts,
    string? NotificationReason,
    WebhookFault? Fault);

/// <summary>Why a body could not be read, or not to its end.</summary>
/// <param name="Reason">Which kind of refusal that is.</param>
/// <param name="Text">Says it to the sender, and to people.</param>
internal sealed record WebhookFault(RefusalReason Reason, string Text);
