namespace AlertResponder.Gateway.Alertmanager;

/// <summary>How large an alert may be. Prometheus sets no limits of its own; these are far above what alerts are made of.</summary>
internal static class AlertBounds
{
    /// <summary>Of one webhook, so that a body of nothing but tiny ones stays within memory.</summary>
    public const int MaxAlerts = 50_000;

    /// <summary>Labels identify an alert, so none is cut or left out: an alert with more is set aside.</summary>
    public const int MaxLabels = 256;

    /// <summary>Of all names and values together, in characters.</summary>
    public const int MaxLabelText = 32 * 1024;

    /// <summary>Annotations explain: of more, the first are kept.</summary>
    public const int MaxAnnotations = 64;

    public const int MaxAnnotationName = 256;

    /// <summary>A longer text is cut.</summary>
    public const int MaxAnnotation = 8 * 1024;

    /// <summary>A cut address leads nowhere: a longer one is left out.</summary>
    public const int MaxUrl = 8 * 1024;

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
