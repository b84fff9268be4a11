namespace AlertResponder.Gateway.Alertmanager;

/// <summary>Why a caller may not post, with the HTTP status that says so.</summary>
internal sealed record WebhookRefusal(int StatusCode, string Reason);
