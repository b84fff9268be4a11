namespace AlertResponder.Gateway.Alertmanager;

/// <summary>How large a webhook may be, beside the <see cref="AlertResponder.Redaction.AlertTexts"/> in it.</summary>
internal static class AlertBounds
{
    /// <summary>Of one webhook, so that a body of nothing but tiny ones stays within memory.</summary>
    public const int MaxAlerts = 50_000;

    /// <summary>Of the group's key and the receiver's name; longer ones are cut.</summary>
    public const int MaxEnvelopeText = 4 * 1024;

    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// A machine whose clock is wrong has alerts all the same: its times are moved to where one can reckon with them. The same
    /// time always to the same, so that the alert's resolution finds it.
    /// </summary>
    public static DateTimeOffset Clamp(DateTimeOffset time) => time < Earliest ? Earliest : time > Latest ? Latest : time;
}
