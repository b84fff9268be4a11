namespace AlertResponder.Incidents;

/// <summary>Why the gateway did not take something that a sender wanted it to take.</summary>
public enum RefusalReason
{
    /// <summary>The body is no webhook, or breaks off.</summary>
    NotAWebhook,

    /// <summary>The body is too large, or has too many alerts.</summary>
    TooLarge,

    /// <summary>The content type or encoding is none that is read.</summary>
    WrongType,

    /// <summary>The caller may not post.</summary>
    Unauthorized,

    /// <summary>Elements of a webhook that are no alerts.</summary>
    SetAside,

    /// <summary>Alertmanager left alerts out (<c>max_alerts</c>).</summary>
    Truncated,

    /// <summary>The alerts could not be made safe; the sender was asked to send them again.</summary>
    NotSafe,
}
