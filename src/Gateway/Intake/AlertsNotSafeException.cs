namespace AlertResponder.Gateway.Intake;

/// <summary>Alerts could not be made safe; the sender must keep them.</summary>
internal sealed class AlertsNotSafeException(string message, Exception inner) : Exception(message, inner);
