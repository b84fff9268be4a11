using AlertResponder.Contracts;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>What a webhook body says.</summary>
/// <param name="Alerts">The usable alerts.</param>
/// <param name="SetAside">Why the others are not, a sentence each.</param>
/// <param name="TruncatedAlerts">How many alerts Alertmanager itself left out of the group.</param>
internal sealed record ParsedWebhook(
    IReadOnlyList<AlertReceived> Alerts,
    IReadOnlyList<string> SetAside,
    int TruncatedAlerts);
