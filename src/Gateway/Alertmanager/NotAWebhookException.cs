namespace AlertResponder.Gateway.Alertmanager;

/// <summary>The body is not an Alertmanager webhook at all; the message says why, for the caller.</summary>
internal sealed class NotAWebhookException(string message, Exception? inner = null) : Exception(message, inner);
