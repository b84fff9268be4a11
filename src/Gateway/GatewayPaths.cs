namespace AlertResponder.Gateway;

/// <summary>The gateway's doors.</summary>
public static class GatewayPaths
{
    /// <summary>For Alertmanager.</summary>
    public const string Webhook = "/webhooks/alertmanager";

    /// <summary>For Slack's callbacks.</summary>
    public const string Interactions = "/slack/interactions";
}
