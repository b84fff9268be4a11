namespace AlertResponder.Incidents;

/// <summary>What one sender was refused for one reason, so that a person hears of it whatever becomes of the process that refused.</summary>
public sealed class WebhookRefusal
{
    /// <summary>The longest sender that is kept.</summary>
    public const int MaxSender = 200;

    /// <summary>The longest detail that is kept.</summary>
    public const int MaxDetail = 500;

    /// <summary>Who: an address and what it calls itself; foreign text.</summary>
    public required string Sender { get; init; }

    public RefusalReason Reason { get; init; }

    /// <summary>The last of them in a sentence; it may quote foreign names.</summary>
    public required string Detail { get; set; }

    /// <summary>How many there were in all.</summary>
    public long Count { get; set; }

    /// <summary>How many of them nobody was told of yet.</summary>
    public long Untold { get; set; }

    /// <summary>When the first of the untold ones came, or, when all are told, of those told last.</summary>
    public DateTimeOffset FirstAt { get; set; }

    public DateTimeOffset LastAt { get; set; }

    /// <summary>When people were told last; null before.</summary>
    public DateTimeOffset? ToldAt { get; set; }

    /// <summary>Until when one worker alone may tell. A past time means that it stopped between posting and recording.</summary>
    public DateTimeOffset? TellClaimedUntil { get; set; }
}
